import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wellFormedJson } from '../../src/kit/index.js'

const escapes = fc.array(fc.constantFrom('\\ud83d', '\\uDE00', '\\\\', '\\n', '\\u00e9', '\\uD55C', 'ud83d', 'x'), { maxLength: 12 })

it('replaces each half of a surrogate pair and nothing else', () => {
  fc.assert(
    fc.property(escapes, (parts) => {
      const text = JSON.stringify([parts.join('')]).replaceAll('\\\\', '\\')
      const [given] = JSON.parse(text) as [string]
      const halves = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
      expect(JSON.parse(wellFormedJson(text))).toEqual([given.replace(halves, '\ufffd')])
      expect(wellFormedJson(text)).toHaveLength(text.length)
    }),
  )
})
