import type { Reading } from '@anju/contract'
import { switchWord } from '../../src/dialect-words.ts'
import type { Option } from '../../src/profile.ts'
import type { Told } from '../../src/telling.ts'
import { lorawanDevice } from '../chirpstack-v4/device.ts'
import { otherLorawan } from './tell.ts'

export const NETVOX_PORT = 6
export const YOBIIQ_PORT = 8

/** One Netvox model: another one's report on its topic means that the wrong device was installed, and that must be seen. */
export const netvoxDevice = (...models: readonly string[]) =>
  lorawanDevice({
    protocol: {
      name: otherLorawan.name,
      read(input) {
        const [telling] = otherLorawan.read(input)
        if (telling?.is !== 'told' || models.includes(String(telling.frame.device))) return telling ? [telling] : []
        const why = `the report of a ${String(telling.frame.device)}, not of ${models.join()}`
        return [{ is: 'refused', code: 'frame-unknown', reason: 'not-this-protocol', why }]
      },
    },
    ports: [NETVOX_PORT],
  })

export const yobiiqDevice = lorawanDevice({ protocol: otherLorawan, ports: [YOBIIQ_PORT] })

/** A dry contact is what it was wired to be. */
export const OPEN_IS: Option = {
  name: 'the status when open: 1, or 0 where it is wired so',
  pattern: '[01]',
  required: false,
}
export const contactWord =
  (word: string) =>
  (told: Told, { 'open-is': openIs = '1' }: Readonly<Record<string, string>>): Reading | undefined =>
    switchWord(word, { inverted: openIs === '1' })(told)

/** Bit 7 of the battery byte. */
export const batteryFlag = switchWord('batteryLow')
