import { expect, it } from 'vitest'
import { classify } from '../../../src/classify/index.js'
import { gemini } from '../../../src/wire/gemini/index.js'
import { openaiChat } from '../../../src/wire/openai-chat/index.js'
import { targetOf } from '../targets.js'

const read = (body: object) =>
  gemini.readRequest({ contents: [{ role: 'user', parts: [{ text: 'Sum it up.' }] }], ...body }, { headers: {}, urlModel: 'm' })

it.each(['https://www.youtube.com/watch?v=9hE5-98ZeCg', 'https://youtu.be/9hE5-98ZeCg', 'http://m.youtube.com/watch?v=9hE5-98ZeCg'])(
  'the video %s is asked of Google, which alone can watch it',
  (fileUri) => {
    const request = read({ contents: [{ role: 'user', parts: [{ fileData: { fileUri } }, { text: 'Sum it up.' }] }] })
    expect(classify(request).needs).toEqual(['file-input', 'hosted-google'])
    expect(gemini.writeRequest(request, targetOf('m')).body.contents).toMatchObject([{ parts: [{ fileData: { fileUri } }, {}] }])
    expect(openaiChat.writeRequest(request, targetOf('m')).losses).toContainEqual(expect.objectContaining({ field: 'file', matters: true }))
  },
)

it('an answer that is one word of a list is lost elsewhere, which the call says', () => {
  const responseSchema = { type: 'STRING', enum: ['yes', 'no'] }
  const request = read({ generationConfig: { responseMimeType: 'text/x.enum', responseSchema } })
  const { losses } = openaiChat.writeRequest(request, targetOf('m'))
  expect(losses).toContainEqual(expect.objectContaining({ field: 'generationConfig.responseSchema', matters: true }))
  const asJson = read({ generationConfig: { responseMimeType: 'application/json', responseSchema } })
  expect(openaiChat.writeRequest(asJson, targetOf('m')).losses).toEqual([])
})
