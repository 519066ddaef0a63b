import { ByteReader, hexLowFirst, hexOf } from '../../src/byte-reader.ts'

interface Command {
  readonly name: string
  /** It changes the radar. */
  readonly writes?: true
}

/** The words of the serial protocol. We send none of them: a radar is read as it reports. */
const COMMANDS: Readonly<Record<number, Command>> = {
  0x60: { name: 'set_gates_and_timeout', writes: true },
  0x61: { name: 'get_parameters' },
  0x62: { name: 'engineering_on', writes: true },
  0x63: { name: 'engineering_off', writes: true },
  0x64: { name: 'set_sensitivity', writes: true },
  0xa0: { name: 'get_firmware' },
  0xa1: { name: 'set_baud_rate', writes: true },
  0xa2: { name: 'factory_reset', writes: true },
  0xa3: { name: 'restart', writes: true },
  0xa4: { name: 'set_bluetooth', writes: true },
  0xa5: { name: 'get_mac' },
  0xa8: { name: 'bluetooth_login', writes: true },
  0xa9: { name: 'set_bluetooth_password', writes: true },
  0xaa: { name: 'set_resolution', writes: true },
  0xab: { name: 'get_resolution' },
  0xad: { name: 'set_light_control', writes: true },
  0xae: { name: 'get_light_control' },
  0xfe: { name: 'config_off' },
  0xff: { name: 'config_on' },
}

export function tellCommand(word: number, data: Uint8Array, result: number | undefined): Record<string, unknown> {
  const known = COMMANDS[word]
  const name = known?.name ?? null
  const words = { command: hexOf(Uint8Array.of(word)), name, ...(data.byteLength > 0 ? { data: hexOf(data) } : {}) }
  if (result === undefined)
    return { direction: 'command', ...words, ...(known?.writes ? { neverSentByGateway: true } : {}) }
  return { direction: 'answer', ...words, ack: true, success: result === 0, ...answerOf(word, data) }
}

/** What the answers that carry something say; one of another length says nothing here. */
function answerOf(word: number, data: Uint8Array): Record<string, unknown> {
  const input = new ByteReader(data)
  if (word === 0xa0 && data.byteLength === 8) {
    input.bytes(2)
    const [minor, major] = [input.u8(), input.u8()]
    const build = hexLowFirst(input.bytes(4))
    return { firmware: `${major}.${String(minor).padStart(2, '0')}.${build}` }
  }
  if (word === 0xa5 && data.byteLength === 6) return { mac: hexOf(data) }
  if (word === 0xab && data.byteLength === 2) return { resolutionCm: input.u16le() === 0 ? 75 : 20 }
  if (word !== 0x61 || data[0] !== 0xaa || data.byteLength < 6) return {}
  input.u8()
  const [maxGate, maxMovingGate, maxStillGate] = [input.u8(), input.u8(), input.u8()]
  if (input.left !== 2 * (maxGate + 1) + 2) return {}
  const gates = () => [...input.bytes(maxGate + 1)]
  const sensitivities = { movingSensitivities: gates(), stillSensitivities: gates() }
  return { maxGate, maxMovingGate, maxStillGate, ...sensitivities, timeoutS: input.u16le() }
}
