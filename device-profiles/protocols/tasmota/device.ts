import { dialect, type Selection, selected, toldBy } from '../../src/dialect.ts'
import type { Decoded, DeviceOptions, MqttMessage, Option } from '../../src/profile.ts'
import type { Told } from '../../src/telling.ts'
import { tasmota } from './tell.ts'

/** What Tasmota runs on, under its own topic. */
export const tasmotaDevice = dialect(tasmota)

/** What Tasmota only hands on: others behind the same radio share its topic, and its own words are not theirs. */
const behind =
  (isOurs: (told: Told, options: DeviceOptions) => boolean) =>
  <Named extends string, Worded extends string = never>(selection: Selection<Named, Worded>) =>
  ({ topic, payload }: MqttMessage, options: DeviceOptions): Decoded<Named | Worded> =>
    selected({ ...selection, isOurs }, toldBy(tasmota, { topic, bytes: payload }), {
      options,
      speaks: true,
    })

export const ZIGBEE_DEVICE: Option = {
  name: 'its name on the bridge, or its short address (0x2916), which changes when it joins again',
  pattern: '[^/+#]{1,64}',
  required: true,
}
export const zigbeeBehindTasmota = behind(
  ({ frame }, { device = '' }) => frame.name === device || String(frame.device).toLowerCase() === device.toLowerCase(),
)

export const RF_CODE: Option = {
  name: 'its code of 24 bits as 6 hex digits, as RfReceived tells it',
  pattern: '[0-9a-fA-F]{6}',
  required: true,
}
export const radioBehindTasmota = behind(({ frame }, { code = '' }) => frame.rfCode === code.toUpperCase())
