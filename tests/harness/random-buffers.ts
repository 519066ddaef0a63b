import { readFile } from 'node:fs/promises'
import { bytesOfHex } from '@anju/device-profiles/byte-reader'
import { protocolByName } from '@anju/device-profiles/protocols'
import type { ProtocolInput, Telling } from '@anju/device-profiles/telling'

const bufferBytesMax = 96
const realBytesMax = 400

/** Every decoder whose input is bytes, and the folder of its real frames. */
export const decoders: readonly (readonly [protocol: string, folder: string])[] = [
  ['dlt645-2007', 'dlt645'],
  ['dlt645-1997', 'dlt645'],
  ['cjt188', 'cjt188'],
  ['modbus-rtu', 'modbus-rtu'],
  ['iec62056-21', 'iec62056-21'],
  ['dsmr-p1', 'dsmr-p1'],
  ['mbus', 'mbus'],
  ['sml', 'sml'],
  ['tinyframe-radar', 'tinyframe'],
  ['radar-5359', 'radar-5359'],
  ['ld2410', 'ld2410'],
  ['rf433-portisch', 'rf433-portisch'],
  ['rfxcom', 'rfxcom'],
  ['esp3', 'esp3'],
  ['gsm-at', 'gsm-at'],
  ['sms-pdu', 'sms-pdu'],
  ['bthome-v2', 'bthome-v2'],
]

interface Stored {
  readonly key_hex?: string
  readonly mac?: string
  readonly input_hex?: string
  readonly input_text?: string
}
async function inputsOf(folder: string): Promise<ProtocolInput[]> {
  const text = await readFile(
    new URL(`../../device-profiles/protocols/${folder}/vectors.json`, import.meta.url),
    'utf8',
  )
  const all = (JSON.parse(text) as Stored[]).map(({ key_hex: key, mac, input_hex: hex, input_text: chars }) => ({
    topic: '',
    ...(key === undefined ? {} : { key: bytesOfHex(key) }),
    ...(mac === undefined ? {} : { mac: bytesOfHex(mac) }),
    bytes: hex === undefined ? new TextEncoder().encode(chars ?? '') : bytesOfHex(hex),
  }))
  // A telegram of some kilobytes is read like one of some hundred bytes, and takes ten times as long.
  return all.filter(({ bytes }) => bytes.byteLength < realBytesMax)
}

/** Whole numbers below `limit`, the same in every run (xorshift). */
function numbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % limit
  }
}

function anyBytes(next: (limit: number) => number): Uint8Array {
  const bytes = new Uint8Array(next(bufferBytesMax))
  for (let at = 0; at < bytes.length; at++) bytes[at] = next(256)
  return bytes
}
function spoiled(real: Uint8Array, other: Uint8Array, next: (limit: number) => number): Uint8Array {
  const cut = real.slice(0, real.length - next(4))
  for (let count = next(4); count > 0 && cut.length > 0; count--) cut[next(cut.length)] = next(256)
  return next(8) === 0 ? Uint8Array.of(...cut, ...other) : cut
}

export interface Fuzzed {
  /** Real frames that half of the buffers were made of. */
  readonly frames: number
  readonly told: number
  readonly refused: number
  /** The first buffer that was not answered, or whose answer outgrew it. */
  readonly wrong?: { readonly hex: string; readonly tellings: readonly Telling[] }
  readonly heapGrowthMiB: number
}

/**
 * So many buffers through one decoder: half of them any bytes, half a real frame with some bytes overwritten, cut off or joined to
 * another. Nothing may be thrown, every one is answered, and an answer does not outgrow it.
 */
export async function fuzz([name, folder]: (typeof decoders)[number], runs: number, seed = 0x5eed): Promise<Fuzzed> {
  const protocol = protocolByName(name)
  if (!protocol) throw new Error(`no protocol ${name}`)
  const inputs = await inputsOf(folder)
  const next = numbers(seed)
  const heapBefore = process.memoryUsage().heapUsed
  let [told, refused] = [0, 0]
  for (let run = 0; run < runs; run++) {
    const like = inputs[next(inputs.length)]
    const other = inputs[next(inputs.length)]
    if (!like || !other) throw new Error(`${folder} has no frames`)
    const bytes = run % 2 === 0 ? anyBytes(next) : spoiled(like.bytes, other.bytes, next)
    const tellings = protocol.read({ ...like, bytes })
    if (tellings.some(({ is }) => is === 'told')) told++
    else refused++
    if (tellings.length === 0 || tellings.length > bytes.length + 1 || tooLong(tellings, bytes.length, run))
      return {
        frames: inputs.length,
        told,
        refused,
        wrong: { hex: Buffer.from(bytes).toString('hex'), tellings },
        heapGrowthMiB: 0,
      }
  }
  const heapGrowthMiB = (process.memoryUsage().heapUsed - heapBefore) / 1_048_576
  return { frames: inputs.length, told, refused, heapGrowthMiB }
}

/** Writing a telling out costs more than reading it: every sixteenth is measured. */
const tooLong = (tellings: readonly Telling[], bytes: number, run: number): boolean =>
  run % 16 === 0 && JSON.stringify(tellings).length > 4_096 + bytes * 64
