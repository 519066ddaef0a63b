import { isEventType } from '@anju/contract'
import { bthomeV2 } from '../protocols/bthome-v2/tell.ts'
import { chirpstackV4 } from '../protocols/chirpstack-v4/tell.ts'
import { cjt188 } from '../protocols/cjt188/tell.ts'
import { dlt645Framing, looksLike698 } from '../protocols/dlt645/framing.ts'
import { readMessage } from '../protocols/dlt645/message.ts'
import { dlt645In1997, dlt645In2007, tellFrame } from '../protocols/dlt645/tell.ts'
import { draginoLorawan } from '../protocols/dragino-lorawan/tell.ts'
import { dsmrP1 } from '../protocols/dsmr-p1/tell.ts'
import { esp3 } from '../protocols/esp3/tell.ts'
import { esphome } from '../protocols/esphome/tell.ts'
import { gsmAt } from '../protocols/gsm-at/tell.ts'
import { haDiscovery } from '../protocols/ha-discovery/tell.ts'
import { iec62056 } from '../protocols/iec62056-21/tell.ts'
import { ld2410 } from '../protocols/ld2410/tell.ts'
import { mbus } from '../protocols/mbus/tell.ts'
import { milesightLorawan } from '../protocols/milesight-lorawan/tell.ts'
import { modbusRtu } from '../protocols/modbus-rtu/tell.ts'
import { otherLorawan } from '../protocols/other-lorawan/tell.ts'
import { radar5359 } from '../protocols/radar-5359/tell.ts'
import { rf433Portisch } from '../protocols/rf433-portisch/tell.ts'
import { rfxcom } from '../protocols/rfxcom/tell.ts'
import { shellyGen2 } from '../protocols/shelly-gen2/tell.ts'
import { sml } from '../protocols/sml/tell.ts'
import { smsPdu } from '../protocols/sms-pdu/tell.ts'
import { tasmota } from '../protocols/tasmota/tell.ts'
import { MR60FDA2_DATA_BYTES_MAX, tinyFraming } from '../protocols/tinyframe/framing.ts'
import { tinyframeRadar } from '../protocols/tinyframe/tell.ts'
import { vayyarCare } from '../protocols/vayyar-care/tell.ts'
import { wmbusmetersMqtt } from '../protocols/wmbusmeters-mqtt/tell.ts'
import { zigbee2mqtt } from '../protocols/zigbee2mqtt/tell.ts'
import { decodeWith } from './decode-with.ts'
import { scanAll } from './frame-scanner.ts'
import type { Decoded } from './profile.ts'
import type { AnyProfile } from './registry.ts'
import { type Protocol, type ProtocolInput, type Telling, tellScanned } from './telling.ts'

/** Every protocol that can be read without knowing the device. */
export const protocols: readonly Protocol[] = [
  dlt645In2007,
  dlt645In1997,
  cjt188,
  tinyframeRadar,
  radar5359,
  ld2410,
  iec62056,
  dsmrP1,
  modbusRtu,
  mbus,
  esp3,
  rf433Portisch,
  rfxcom,
  sml,
  zigbee2mqtt,
  bthomeV2,
  shellyGen2,
  tasmota,
  esphome,
  milesightLorawan,
  draginoLorawan,
  otherLorawan,
  chirpstackV4,
  wmbusmetersMqtt,
  vayyarCare,
  haDiscovery,
  smsPdu,
  gsmAt,
]

const byName: ReadonlyMap<string, Protocol> = new Map(protocols.map((protocol) => [protocol.name, protocol]))
export const protocolByName = (name: string): Protocol | undefined => byName.get(name)

/** What a device of this profile would have said with these bytes: framing, codec and level events, as in the pipeline. */
export function tellWithProfile(profile: AnyProfile, { bytes, topic }: ProtocolInput): readonly Telling[] {
  switch (profile.driver) {
    case 'mqtt': {
      const read = () => tell(profile, { topic }, profile.decode({ topic, payload: bytes, retained: false }))
      return [attempt(read)]
    }
    case 'tinyframe':
      return tellScanned(
        scanAll(tinyFraming(MR60FDA2_DATA_BYTES_MAX), bytes),
        (frame) =>
          attempt(() =>
            tell(
              profile,
              { type: frame.type.toString(16).padStart(4, '0').toUpperCase(), frameId: frame.id },
              profile.decode(frame),
            ),
          ),
        `no TinyFrame in ${bytes.length} bytes`,
      )
    case 'dlt645-2007':
      return tellScanned(
        scanAll(dlt645Framing, bytes),
        (frame) =>
          attempt(() => {
            const message = readMessage('2007', frame)
            const words = tellFrame('2007', frame)
            const frameWords = words.is === 'told' ? words.frame : {}
            return tell(profile, frameWords, message.is === 'answer' ? profile.decode(message) : undefined)
          }),
        looksLike698(bytes)
          ? 'a DL/T 698.45 frame, which is another protocol'
          : `no DL/T 645 frame in ${bytes.length} bytes`,
      )
  }
  return profile satisfies never
}

function attempt(read: () => Telling): Telling {
  const done = decodeWith(read, undefined)
  if (done.ok) return done.value
  return { is: 'refused', code: done.error.code, reason: 'malformed', why: done.error.message }
}

function tell(profile: AnyProfile, frame: Readonly<Record<string, unknown>>, decoded: Decoded | undefined): Telling {
  const readings = Object.entries(decoded?.readings ?? {}).flatMap(([point, reading]) => {
    const measure = profile.measures[point]
    return measure && reading ? [{ point, quantity: measure.quantity, reading }] : []
  })
  const raised = Object.entries(profile.events).flatMap(([type, rule]) => {
    const of = rule.from === 'level' ? readings.find(({ point }) => point === rule.of)?.reading : undefined
    return of?.is === 'value' && of.value === 1 && isEventType(type) ? [type] : []
  })
  return { is: 'told', frame, readings, events: [...(decoded?.events ?? []), ...raised] }
}
