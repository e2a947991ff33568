import { expect, it } from 'vitest'
import { answerId } from '../../src/wire/replies.js'

it('is the call’s, with the beginning of its vendor’s ids, once', () => {
  expect(answerId('chatcmpl-', '01CALL')).toBe('chatcmpl-01CALL')
  expect(answerId('msg_', 'msg_01CALL')).toBe('msg_01CALL')
})
