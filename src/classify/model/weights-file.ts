import { Fault } from '../../kit/index.js'

/** Named vectors of a fitted model. */
export type Vectors = Readonly<Record<string, Float32Array>>

interface Section {
  readonly name: string
  readonly length: number
  /** Size of one int8 step; null for 32-bit floats. */
  readonly step: number | null
}
interface Header {
  readonly format: number
  readonly features: string
  readonly sections: readonly Section[]
}

const FORMAT = 1

/** Vectors whose entries must stay exact: moments of features and scalars. */
const EXACT = /^(?:mu|sd)\.|\.scalars$/

/** Header length (4 bytes, little endian), JSON header, then each vector: int8 with one step a vector, or float32. */
export function encodeWeights(vectors: Vectors, features: string): Uint8Array {
  const names = Object.keys(vectors).sort()
  const sections: Section[] = []
  const parts: Uint8Array[] = []
  for (const name of names) {
    const vector = vectors[name]!
    const exact = EXACT.test(name)
    const step = exact ? null : Number(Math.fround(Math.max(1e-12, largest(vector)) / 127))
    sections.push({ name, length: vector.length, step })
    parts.push(
      step === null
        ? new Uint8Array(Float32Array.from(vector).buffer)
        : new Uint8Array(Int8Array.from(vector, (v) => Math.round(v / step)).buffer),
    )
  }
  const header = new TextEncoder().encode(JSON.stringify({ format: FORMAT, features, sections } satisfies Header))
  const bytes = new Uint8Array(4 + header.length + parts.reduce((sum, p) => sum + p.length, 0))
  new DataView(bytes.buffer).setUint32(0, header.length, true)
  bytes.set(header, 4)
  let at = 4 + header.length
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Reads what `encodeWeights` wrote; weights for other features are refused with E_UNPROCESSABLE. */
export function decodeWeights(bytes: Uint8Array, features: string): Vectors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const header = readHeader(bytes, view)
  if (header.format !== FORMAT || header.features !== features)
    throw new Fault('E_UNPROCESSABLE', 'These weights were fitted for other features.', { hint: 'Fit them again with `llmroute train`.' })
  const vectors: Record<string, Float32Array> = {}
  let at = 4 + view.getUint32(0, true)
  for (const { name, length, step } of header.sections) {
    const vector = new Float32Array(length)
    for (let i = 0; i < length; i++) vector[i] = step === null ? view.getFloat32(at + 4 * i, true) : view.getInt8(at + i) * step
    vectors[name] = vector
    at += step === null ? 4 * length : length
  }
  return vectors
}

function readHeader(bytes: Uint8Array, view: DataView): Header {
  try {
    return JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + view.getUint32(0, true)))) as Header
  } catch (cause) {
    throw new Fault('E_UNPROCESSABLE', 'This is not a weights file.', { hint: 'Fit one with `llmroute train`.', cause })
  }
}

function largest(vector: Float32Array): number {
  let most = 0
  for (const v of vector) if (Math.abs(v) > most) most = Math.abs(v)
  return most
}
