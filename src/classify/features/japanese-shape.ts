/**
 * A hand-made prior for Japanese requests, where a few hundred labels must do: small models lose on definite facts of Japan, on the
 * language itself and on puzzles and sums; ideas, plans, summaries and questions about a given text they do nearly as well.
 */
const MARKS: readonly (readonly [weight: number, terms: string])[] = [
  [1, '何人 何個 何本 何枚 何回 何匹 何羽 何台 何冊 何円 何日 何分 何時間 何通り 何番目 何年後 何点'],
  [
    0.7,
    '並べ替 並び替 左右 方角 兄 姉 弟 妹 じゃんけん 番目 追い越 正しい順 順番 推測 推論 矛盾 暗号 規則 次に来る あてはま 当てはま 文字列 なぞ 前後 隣',
  ],
  [0.5, '何通り 確率 速さ 速度 求め 計算 公式 証明 数列 方程式 面積 体積 割合 平均 最大 最小 微分 積分 個数 整数 奇数 偶数 ％ % 倍'],
  [
    0.4,
    '日本 江戸 明治 昭和 大正 平安 鎌倉 室町 戦国 幕府 天皇 県 東京都 京都 大阪 北海道 富士 神社 寺 俳句 季語 和歌 警察 自衛隊 国会 内閣 議員 選挙',
  ],
  [0.3, '法 罪 税 刑 憲 相続 裁判 契約 雇用 労働 納付 供託 権利 義務 条約 制度 資格 保険 年金'],
  [
    0.3,
    '漢字 敬語 方言 古文 ことわざ 四字熟語 読み方 ダジャレ 駄洒落 なぞかけ しりとり 回文 語源 俳句 短歌 川柳 熟語 ひらがな カタカナ 丁寧語 英訳 和訳 翻訳 慣用句 意味',
  ],
  [0.3, '歴史 戦争 時代 政策 改革 条約 維新 経済 政治 社会 影響'],
  [0.3, '述べ 解説 答えて 答えなさい 記述 説明'],
  [0.2, 'コード プログラム python html sql 関数 csv tex json アルゴリズム 正規表現 markdown スクリプト'],
  [-0.8, '要約 抽出 分類 選んで 選びなさい 言い換え リストアップ まとめ 整理 訂正 校正 書き換え'],
  [-0.4, '想像 予想 展開 物語 小説 セリフ 会話を始め なりき 返事 気持ち 感情 シナリオ ジョーク 詩 歌'],
  [-0.4, 'あなたは として振 として回 として会 として答 なりき'],
  [-0.4, 'たいと たいです たいの たい。 ようとして'],
  [-0.3, '考え'],
  [-0.3, '作成 作って 書いて 生成 デザイン'],
]
const IDEA = '企画 アイデア アイディア 提案 洗い出 戦略 キャッチ どうしたら どうすれ アドバイス 工夫 コンセプト ヒント 改善 計画'
const FACT =
  '何ですか 何でしょう 何という 何歳 何年 何月 何日 何番 何位 何県 何人 何円 何語 何時 いくら いつ 誰 だれ どこ どの どれ 正式名称 名前 由来 意味'
const ASKED = '挙げ 提案 教えて 書いて 考えて'
const PASSAGE = '以下の文 以下の記事 以下の会話 以下の説明 以下の表 以下のデータ ### 文章をもとに 次の文 次の会話'
/** Characters from which a text may hold a passage to be read. */
const PASSAGE_FROM = 250
const LIST = /[\d０-９一二三四五六七八九十][つ個冊点人]/

const GROUPS = [...MARKS.map(([, terms]) => terms), IDEA, FACT, ASKED, PASSAGE]
const at = (terms: string): number => 1 << GROUPS.indexOf(terms)

/** Terms by the unit they begin with, each with the bit of its group; the first list is empty. */
const lists: (readonly (readonly [term: string, bit: number])[])[] = [[]]
const LIST_OF = new Uint16Array(65536)
for (const [group, terms] of GROUPS.entries())
  for (const term of terms.split(' ')) {
    const first = term.charCodeAt(0)
    if (LIST_OF[first] === 0) LIST_OF[first] = lists.push([]) - 1
    const list = LIST_OF[first]!
    lists[list] = [...(lists[list] ?? []), [term, 1 << group]]
  }

/** Bits of the groups that have a term in the text: one pass, since a pattern for each group takes a millisecond on a long text. */
function findGroups(low: string): number {
  let found = 0
  for (let i = 0; i < low.length; i++) {
    const list = LIST_OF[low.charCodeAt(i)]!
    if (list === 0) continue
    for (const [term, bit] of lists[list]!) if ((found & bit) === 0 && low.startsWith(term, i)) found |= bit
  }
  return found
}

/** How much a strong model is expected to help with a Japanese request in lower case, in no unit. */
function japanesePrior(low: string): number {
  const found = findGroups(low)
  const has = (terms: string): boolean => (found & at(terms)) !== 0
  let sum = 0
  for (const [group, [weight]] of MARKS.entries()) if ((found & (1 << group)) !== 0) sum += weight
  if (has(IDEA)) sum -= 1
  else if (has(FACT)) sum += 0.4
  if (has(ASKED) && LIST.test(low)) sum += 0.3
  if (low.length > PASSAGE_FROM && has(PASSAGE)) sum -= 0.8
  return sum
}

/** What a Japanese request asks for, especially what small models know least about. */
const ASKED_FOR: readonly (readonly [name: string, mark: RegExp])[] = [
  ['ja_ask', /教えて|ですか|でしょうか|何ですか|説明して|述べ/],
  ['ja_make', /書いて|作って|作成して|考えて|生成して|挙げて|提案して/],
  ['ja_given', /以下|次の|下記|この文/],
  ['ja_why', /なぜ|理由|どうして|どのように|違い|比較/],
  ['ja_role', /あなたは|として|ロールプレイ|なりきって|口調/],
  [
    'ja_language',
    /漢字|敬語|方言|古文|ことわざ|四字熟語|読み方|ダジャレ|駄洒落|なぞかけ|しりとり|回文|語源|俳句|短歌|川柳|熟語|ひらがな|カタカナ|言い換え|丁寧/,
  ],
  ['ja_create', /物語|小説|ジョーク|詩|歌詞|脚本|キャッチ|ショートショート|会話/],
  ['ja_code', /コード|プログラム|Python|python|HTML|SQL|関数/],
]
const COUNT = /[\d０-９一二三四五六七八九十]+(?:つ|個|点|行|文字|字|人|円|回|本|冊)/g

export const JAPANESE_NAMES: readonly string[] = [...ASKED_FOR.map(([name]) => name), 'ja_count', 'ja_hand']

/** All zero for a text without glyphs, which is most of them. */
export function japaneseShape(s: string, low: string, hasGlyphs: boolean, hasKana: boolean, out: number[]): void {
  for (const [, mark] of ASKED_FOR) out.push(hasGlyphs && mark.test(s) ? 1 : 0)
  out.push(hasGlyphs ? Math.log1p(s.match(COUNT)?.length ?? 0) : 0, hasKana ? japanesePrior(low) : 0)
}
