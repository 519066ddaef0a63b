import { hexOf } from '../../src/byte-reader.ts'
import { type Read, withRssi, withSignal } from './content.ts'

/** Remote controls and what they tell a lamp, a blind or a bell to do. None of it is a person's alarm until a profile says so. */
const BUTTON = ['off', 'on', 'dim', 'bright', 'program', 'group_off', 'group_on', 'chime']
const DIMMER = ['off', 'on', 'set_level', 'group_off', 'group_on', 'set_group_level']
const BLYSS = ['on', 'off', 'group_on', 'group_off']
const ROLLER = ['open', 'close', 'stop', 'confirm_pair', 'set_limit']
const RFY = ['stop', 'up', 'up_stop', 'down', 'down_stop', 'up_down', 'list_remotes', 'program']
const FUNKBUS = ['down', 'up', 'all_off', 'all_on', 'scene', 'master_down', 'master_up']
/** Lighting 5 is many makers' remotes, each with commands of its own; off and on are the same for all but the LED dimmer. */
const LIGHTING_5: Readonly<Record<number, readonly string[]>> = {
  0x00: 'off on group_off mood1 mood2 mood3 mood4 mood5 reserved reserved unlock lock all_lock close stop open set_level'.split(
    ' ',
  ),
  0x01: ['off', 'on', 'learn'],
  0x02: ['off', 'on', 'group_off', 'group_on'],
  0x03: 'power light bright dim 100% 50% 25% mode_plus speed_minus speed_plus mode_minus'.split(' '),
  0x04: ['off', 'on', 'group_off', 'group_on'],
  0x0f: ['off', 'on', 'group_off', 'group_on'],
}

const command = (names: readonly string[], commandNumber: number) => ({
  command: names[commandNumber] ?? 'unknown',
  commandNumber,
})

/** X10, ARC and their kin: a letter for the house and a number. */
export const lighting1: Read = (input, packet) => {
  const house = input.u8()
  const unit = input.u8()
  const letter = house >= 0x41 && house <= 0x50 ? String.fromCharCode(house) : null
  return {
    kind: 'lighting1',
    words: {
      id: hexOf(Uint8Array.of(house, unit)),
      idPrinted: `${letter ?? ''}${unit}`,
      houseCode: letter,
      unit,
      ...command(BUTTON, input.u8()),
      ...withRssi(packet),
    },
  }
}

/** AC, HomeEasy, Anslut: 26 bits of id, which the receiver hands on with whatever stood above them. */
export const lighting2: Read = (input, packet) => {
  const id = input.bytes(4)
  return {
    kind: 'lighting2',
    words: {
      id: hexOf(id),
      idPrinted: hexOf(Uint8Array.of((id[0] ?? 0) & 0x03, ...id.subarray(1))),
      unit: input.u8(),
      ...command(DIMMER, input.u8()),
      level: input.u8() & 0x0f,
      ...withRssi(packet),
    },
  }
}

/** EV1527, PT2262 and their kin: 24 bits, no battery, no supervision, and anybody can send them again. */
export const lighting4: Read = (input, packet) => {
  const code = hexOf(input.bytes(3))
  // 20 bits of the button's own, 4 of the key pressed.
  const parts = { id: code.slice(0, 5), key: Number.parseInt(code.slice(5), 16) }
  return { kind: 'lighting4', words: { code, ...parts, pulseUs: input.u16be(), ...withRssi(packet) } }
}

export const lighting5: Read = (input, packet) => ({
  kind: 'lighting5',
  words: {
    id: hexOf(input.bytes(3)),
    unit: input.u8(),
    ...command(LIGHTING_5[packet.subtype] ?? ['off', 'on'], input.u8()),
    level: input.u8(),
    ...withRssi(packet),
  },
})

export const lighting6: Read = (input, packet) => ({
  kind: 'lighting6',
  words: {
    id: hexOf(input.bytes(2)),
    groupCode: letterOf(input.u8()),
    unit: input.u8(),
    ...command(BLYSS, input.u8()),
    ...withRssi(packet),
  },
})

/** A door bell; where its id ends and its tune begins is each maker's own. */
export const chime: Read = (input, packet) => ({
  kind: 'chime',
  words: { id: hexOf(input.bytes(2)), sound: input.u8(), ...withRssi(packet) },
})

export const rollerTrol: Read = (input, packet) => ({
  kind: 'rollertrol',
  words: {
    kindPrinted: 'blinds1',
    id: hexOf(input.bytes(3)),
    unit: input.u8(),
    ...command(ROLLER, input.u8()),
    ...withSignal(packet),
  },
})

export const rfy: Read = (input, packet) => ({
  kind: 'rfy',
  words: { id: hexOf(input.bytes(3)), unit: input.u8(), ...command(RFY, input.u8()), ...withRssi(packet) },
})

export const funkbus: Read = (input, packet) => ({
  kind: 'funkbus',
  words: {
    id: hexOf(input.bytes(2)),
    groupCode: letterOf(input.u8()),
    channel: input.u8(),
    ...command(FUNKBUS, input.u8()),
    ...(packet.data.byteLength > 6 ? withRssi(packet) : {}),
  },
})

const letterOf = (byte: number): string | null => (byte >= 0x41 && byte <= 0x5a ? String.fromCharCode(byte) : null)
