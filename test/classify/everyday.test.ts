import { describe, expect, it } from 'vitest'
import { classify } from '../../src/classify/index.js'
import { ask } from './read-fixture.js'

const SIMPLE = {
  en: [
    'hi',
    'list the files',
    'rename this variable',
    'Name three primes.',
    'Name three primary colors.',
    'Translate "good morning" to Spanish.',
    'Fix the typo in the title.',
    'Sort these numbers: 3, 1, 2',
    "What's 2+2?",
    'Bump the version to 1.2.3',
    'Suggest a name for a cat.',
    'Write a one-line greeting.',
    'What is the capital of France?',
    'Run the tests',
  ],
  es: ['hola', 'lista los archivos', 'Nombra tres números primos.', 'Suma 15 y 27.', '¿Cuál es la capital de Francia?'],
  de: ['hallo', 'zeige die Dateien', 'Nenne drei Primzahlen.', 'Addiere 15 und 27.', 'Was ist die Hauptstadt von Frankreich?'],
  fr: ['bonjour', 'liste les fichiers', 'Cite trois nombres premiers.', 'Additionne 15 et 27.', 'Quelle est la capitale de la France ?'],
  pt: ['olá', 'mostre os arquivos', 'Diga três números primos.', 'Some 15 e 27.', 'Qual é a capital da França?'],
  ru: ['привет', 'покажи файлы', 'Назови три простых числа.', 'Сложи 15 и 27.', 'Какая столица Франции?'],
  zh: ['你好', '列出文件', '说出三个质数。', '15加27等于多少？', '法国的首都是哪里？'],
  ja: ['こんにちは', 'ファイルを表示', '素数を3つ挙げて。', '15足す27は？', 'フランスの首都はどこですか？'],
}
const COMPLEX = {
  en: [
    'find out why this deadlocks under load and redesign the locking',
    'Design a distributed rate limiter that stays consistent under network partitions',
    'Prove that there are infinitely many primes of the form 4k+3',
  ],
  es: [
    'Averigua por qué hay interbloqueos bajo carga y rediseña la concurrencia',
    'Diseña una caché distribuida',
    'Demuestra que hay infinitos primos',
  ],
  de: [
    'Finde heraus, warum es unter Last zu einer Verklemmung kommt',
    'Entwirf einen verteilten Cache',
    'Beweise, dass es unendlich viele Primzahlen gibt',
  ],
  fr: [
    'Trouvez pourquoi il y a un interblocage et repensez les verrous',
    'Conçois un cache distribué',
    "Démontre qu'il y a une infinité de nombres premiers",
  ],
  pt: ['Descubra por que há um impasse e redesenhe a concorrência', 'Projete um cache distribuído', 'Demonstre que há infinitos primos'],
  ru: [
    'Выясни, почему под нагрузкой возникает взаимная блокировка',
    'Спроектируй распределённый кэш',
    'Докажи, что простых чисел бесконечно много',
  ],
  zh: ['找出高负载下死锁的原因并重新设计锁', '设计一个分布式缓存', '证明质数有无穷多个'],
  ja: ['高負荷でデッドロックする原因を突き止めて', '分散キャッシュを設計して', '素数が無限にあることを証明して'],
}
const pairs = (table: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(table).flatMap(([language, texts]) => texts.map((text) => [language, text] as const))

describe('everyday asks', () => {
  it.each(pairs(SIMPLE))('%s: "%s" is simple', (_language, text) => {
    expect(classify(ask(text)).complexity).toBe('simple')
  })
  it.each(pairs(COMPLEX))('%s: "%s" is complex', (_language, text) => {
    expect(classify(ask(text)).complexity).toBe('complex')
  })
})

describe('what opens like an everyday ask and is none', () => {
  it.each([
    'Name three invariants that this lock-free queue must keep, and prove them.',
    'Fix the race condition in the scheduler',
    'Convert this service to event sourcing with zero downtime',
    'Add up the evidence and find out why the cache is corrupted under load',
  ])('%s', (text) => {
    expect(classify(ask(text)).complexity).not.toBe('simple')
  })
})

describe('a greeting or an assent before an ask', () => {
  const BEFORE = ['Hi, ', 'hey ', 'Hello there, ', 'Good morning. ', 'ok, ', 'Yes, ', 'Hallo! ', 'Bonjour, ', '你好，', 'こんにちは、']
  const ASKS = [
    'write a python function to merge two sorted lists',
    'translate "good night" into Spanish',
    'find out why the scheduler deadlocks',
    'what is the capital of Peru?',
    'add retries with exponential backoff to the client and keep its interface',
    'list the files',
  ]
  it.each(ASKS)('changes nothing about "%s"', (text) => {
    const { task, complexity, difficulty } = classify(ask(text))
    for (const before of BEFORE) {
      const greeted = classify(ask(before + text))
      expect([before, greeted.task, greeted.complexity, greeted.difficulty]).toEqual([before, task, complexity, difficulty])
    }
  })

  it.each([
    ...[
      'Hi, how are you?',
      'thanks!',
      'ok',
      'Hello there!',
      'Good morning, Claude',
      'Wie geht es dir?',
      'Hallo! Wie geht es Ihnen?',
      'merci beaucoup',
    ],
    ...[
      'Bonjour, comment ça va ?',
      'gracias',
      'Привет! Как дела?',
      '谢谢',
      'ありがとう！',
      'おはようございます',
      'はい、お願いします',
      '안녕하세요',
      'مرحبا، كيف حالك؟',
    ],
  ])('"%s" is small talk', (text) => {
    expect(classify(ask(text))).toMatchObject({ task: 'chat', complexity: 'simple' })
  })
})

describe('the kind of work', () => {
  it.each([
    ['Übersetze ins Englische: Der Hund schläft.', 'translation'],
    ['ترجم إلى الإنجليزية: الكتاب على الطاولة.', 'translation'],
    ['Écris un poème de douze vers sur la pluie.', 'writing'],
    ['Reply politely to this email, declining:\n\n> Hi Tom,\n> could you come on Friday?', 'writing'],
    ['Erkläre mir den Unterschied zwischen Mietkauf und Leasing.', 'question'],
    ['ما هي عاصمة مصر؟', 'question'],
    ['파이썬으로 피보나치 함수를 작성해 줘.', 'code'],
    ['implement OAuth login with GitHub and Google', 'code'],
    ['add dark mode to the settings page', 'code'],
    ['le test `should_retry` échoue en CI mais passe en local, trouve pourquoi', 'debugging'],
    ['error[E0382]: borrow of moved value: `v`\n --> src/main.rs:5:20', 'debugging'],
    ['what is this?\n\nTypeError: x is undefined', 'debugging'],
    ['the job prints "error: no such table"', 'debugging'],
    ['npm ERR! code ERESOLVE\nnpm ERR! Found: react@19.0.0', 'debugging'],
    ['Combien font 17 fois 23 ?', 'math'],
    ['finde die Ursache, warum der Dienst nicht startet', 'debugging'],
    ['add the contact form and input validation', 'code'],
  ])('%s', (text, task) => {
    expect(classify(ask(text)).task).toBe(task)
  })

  it.each([
    ["Décris le cycle de l'eau", 'writing'],
    ['Décrivez la Révolution française.', 'writing'],
    ['Was war die Ursache des Ersten Weltkriegs?', 'debugging'],
    ['What does this line of the paper mean: "mean 4.2, standard error: 0.3, n = 20"?', 'debugging'],
    ['The poll says 52%, margin of error: 3 points. Who is ahead?', 'debugging'],
    ['Wie oft soll ich die Tabletten nehmen, 3 mal am Tag?', 'math'],
    ['Dame 3 más, por favor', 'math'],
    ['Add the fractions 2/3 and 1/4 and give the result in simplest form', 'code'],
    ['Add a dessert to my restaurant menu', 'code'],
    ['Remove the page numbers from my essay outline', 'code'],
    ["Add the author's name to the story", 'code'],
    ['Fix my cover letter: it runs to two pages', 'code'],
    ['Should I upgrade my gym membership or add a spa package?', 'code'],
  ])('%s is not %s', (text, task) => {
    expect(classify(ask(text)).task).not.toBe(task)
  })

  it('a proof is complex in other scripts too', () => {
    for (const text of ['أثبت أن الجذر التربيعي للعدد 2 غير نسبي.', '소수가 무한히 많음을 증명해 줘.'])
      expect(classify(ask(text)).complexity).toBe('complex')
  })
})
