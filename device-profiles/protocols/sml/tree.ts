import { DomainError } from '@anju/contract'
import { ByteReader } from '../../src/byte-reader.ts'

/** What SML is made of (BSI TR-03109-1 §6.3): type and length in front of everything. */
export type Node =
  | { readonly is: 'bytes'; readonly bytes: Uint8Array }
  | { readonly is: 'number'; readonly value: bigint; readonly bytes: number }
  | { readonly is: 'list'; readonly nodes: readonly Node[] }
  /** Optional and left out: an empty octet string. */
  | { readonly is: 'nothing' }

const depthMax = 12
const nodesMax = 4_000
const lengthBytesMax = 4

/** The messages of a file. @throws DomainError `frame-malformed` when one is cut off, too deep or of no known type. */
export function readMessages(content: Uint8Array): readonly Node[] {
  const input = new ByteReader(content)
  const budget = { nodes: nodesMax }
  const messages: Node[] = []
  while (input.left > 0) messages.push(readNode(input, 0, budget))
  return messages
}

function readNode(input: ByteReader, depth: number, budget: { nodes: number }): Node {
  if (depth > depthMax) throw new DomainError('frame-malformed', `more than ${depthMax} lists in each other`)
  if (budget.nodes-- === 0) throw new DomainError('frame-malformed', `more than ${nodesMax} values`)
  const first = input.u8()
  // 00 ends a message.
  if (first === 0) return { is: 'nothing' }
  const type = (first >> 4) & 7
  let length = first & 0x0f
  let headBytes = 1
  for (let more = first; (more & 0x80) !== 0; headBytes++) {
    if (headBytes === lengthBytesMax)
      throw new DomainError('frame-malformed', `a length of more than ${lengthBytesMax} bytes`)
    more = input.u8()
    length = length * 16 + (more & 0x0f)
  }
  if (type === 7) {
    const nodes: Node[] = []
    for (let i = 0; i < length; i++) nodes.push(readNode(input, depth + 1, budget))
    return { is: 'list', nodes }
  }
  if (length < headBytes)
    throw new DomainError('frame-malformed', `a length of ${length} with ${headBytes} bytes of its own`)
  const bytes = input.bytes(length - headBytes)
  if (type === 0) return bytes.byteLength === 0 ? { is: 'nothing' } : { is: 'bytes', bytes }
  if (type === 4) return { is: 'number', value: BigInt(bytes[0] === undefined || bytes[0] === 0 ? 0 : 1), bytes: 1 }
  if (type !== 5 && type !== 6) throw new DomainError('frame-malformed', `type ${type}`)
  if (bytes.byteLength === 0 || bytes.byteLength > 8)
    throw new DomainError('frame-malformed', `a number of ${bytes.byteLength} bytes`)
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return {
    is: 'number',
    value: type === 5 ? BigInt.asIntN(bytes.byteLength * 8, value) : value,
    bytes: bytes.byteLength,
  }
}
