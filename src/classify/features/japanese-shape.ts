import { japanesePrior } from './japanese-prior.js'

/** What a Japanese request asks for, especially what small models know least about. */
const MARKS: readonly (readonly [name: string, mark: RegExp])[] = [
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

export const JAPANESE_NAMES: readonly string[] = [...MARKS.map(([name]) => name), 'ja_count', 'ja_hand']

/** All zero for a text without glyphs, which is most of them. */
export function japaneseShape(s: string, low: string, hasGlyphs: boolean, hasKana: boolean, out: number[]): void {
  for (const [, mark] of MARKS) out.push(hasGlyphs && mark.test(s) ? 1 : 0)
  out.push(hasGlyphs ? Math.log1p(s.match(COUNT)?.length ?? 0) : 0, hasKana ? japanesePrior(low) : 0)
}
