/**
 * The significant words of the other lists in Spanish, German, French, Portuguese, Russian, Chinese and Japanese, so that a question falls
 * into the same groups in any of these languages. Chinese and Japanese terms of two to four characters are searched for anywhere.
 */
export const FOREIGN_WORDS: Readonly<Record<string, string>> = {
  advmath:
    'teorema demostrar demuestra matriz integral derivada límite ecuación ecuaciones probabilidad polinomio primo beweise beweis satz matrix ableitung grenzwert gleichung gleichungen wahrscheinlichkeit polynom primzahl théorème démontrer démontrez prouver matrice dérivée limite équation équations probabilité polynôme premier equação equações probabilidade derivada prove demonstre polinômio теорема теорему докажите доказать матрица матрицу интеграл производная предел уравнение уравнения вероятность многочлен простое 定理 证明 矩阵 积分 导数 极限 方程 概率 多项式 素数 函数 不等式 証明 行列 積分 微分 極限 方程式 確率 整数 素数 関数',
  arith:
    'cada total cuántos cuánto cuesta jeder insgesamt wie viele wieviel kostet chaque combien coûte cada quantos quanto custa каждый всего сколько стоит 一共 多少 每个 平均 合計 いくら 何個 何人 何円 平均',
  code: 'código función programa algoritmo implementa clase variable lista archivo funktion programm algorithmus implementiere klasse code datei fonction programme algorithme implémente implémentez classe fichier função programa algoritmo implemente classe arquivo функцию функция программу программа алгоритм реализуйте класс код массив строка 代码 函数 程序 算法 实现 数组 字符串 编程 コード 関数 プログラム アルゴリズム 実装 配列 文字列 変数',
  phys: 'fuerza velocidad energía masa campo kraft geschwindigkeit energie masse feld vitesse énergie champ força velocidade energia massa сила скорость энергия масса поле 物理 速度 能量 电流 电压 力学 エネルギー 質量 電流 電圧',
  chem: 'molécula reacción ácido reaktion säure molekül réaction acide molécule reação реакция кислота молекула 化学 分子 反应 反応',
  bio: 'célula gen proteína zelle gen protein cellule gène protéine célula gene клетка ген белок 细胞 基因 蛋白 細胞 遺伝',
  med: 'paciente enfermedad tratamiento síntomas patient krankheit behandlung symptome maladie traitement symptômes doença tratamento sintomas пациент болезнь лечение симптомы 患者 疾病 治疗 症状 病気 治療',
  law: 'ley tribunal contrato derecho gesetz gericht vertrag recht loi tribunal contrat droit lei direito закон суд договор право 法律 合同 法院 契約 裁判',
  hist: 'guerra siglo rey imperio krieg jahrhundert könig guerre siècle roi empire século império война век король империя 历史 战争 朝代 皇帝 歴史 戦争 時代',
  phil: 'filosofía ética moral argumento philosophie ethik argument éthique filosofia философия этика аргумент 哲学 道德 伦理 倫理',
  econ: 'mercado precio demanda inflación markt preis nachfrage inflation marché prix demande preço inflação рынок цена спрос инфляция 经济 市场 价格 通货 経済 市場 価格',
  create:
    'escribe escribir poema cuento historia carta correo ensayo schreib schreibe gedicht geschichte brief aufsatz écris écrivez rédige poème histoire lettre courriel escreva poema conto história carta redação напиши напишите стихотворение рассказ письмо сочинение 写一 故事 诗 文章 邮件 作文 书信 書いて 物語 小説 詩を メール 作成',
  explain:
    'explica explicar describe compara analiza resume ventajas diferencia erkläre erklären beschreibe vergleiche analysiere unterschied vorteile explique expliquer décris compare analyse différence avantages explique descreva compare analise diferença объясни объясните опиши сравни сравните разница преимущества 解释 说明 描述 比较 分析 区别 优缺点 説明 比較 分析 違い 教えて 述べ',
  extract:
    'traduce traducir clasifica extrae siguiente texto übersetze klassifiziere folgenden text traduis traduire classe extrait suivant texte traduza classifique extraia seguinte переведи переведите классифицируй текст следующий 翻译 分类 提取 以下 下面 翻訳 分類 抽出 次の 要約 言い換え',
  logic:
    'si entonces verdadero falso cada wenn dann wahr falsch vrai faux alors verdadeiro falso então если тогда верно ложно 如果 那么 推理 逻辑 真假 もし ならば 推論 論理',
  super: 'mejor mayor principal beste größte meilleur principal melhor maior лучший самый главный 最 主要 一番',
  neg: 'no nunca excepto nicht kein nie pas jamais sauf não nunca exceto не никогда кроме 不是 没有 ない ません',
  pron: 'yo mi tu su ich mein du sie je mon tu vous eu meu você я мой ты вы 我 你 他 私 あなた',
  cause: 'porque causa razón weil grund ursache parce cause raison porque razão потому причина 因为 原因 为什么 なぜ 理由 原因',
  hard: 'optimiza rediseña concurrencia arquitectura rigurosamente optimiere entwirf nebenläufigkeit architektur optimise conçois concurrence architecture otimize arquitetura concorrência оптимизируй спроектируй архитектура параллельность 优化 设计 架构 并发 分布式 最適化 設計 並行 分散',
  polite: 'por favor bitte danke merci obrigado пожалуйста спасибо 请 谢谢 ください お願い ありがとう',
  common: 'casa comida amigo gente haus essen freund leute maison manger ami gens comida gente дом еда друг люди 吃饭 朋友 食べ 友達',
  trivia:
    'capital presidente famoso hauptstadt präsident berühmt capitale président célèbre famoso столица президент известный 首都 总统 著名 大統領 有名',
}
