import { chintDdsu666 } from '@anju/simulators/devices/chint-ddsu666/meter'
import { cjt188ColdWater, cjt188Gas, cjt188Heat } from '@anju/simulators/devices/cjt188-meter/meters'
import type { PublishingDevice } from '@anju/simulators/devices/device'
import { publishingDevices } from '@anju/simulators/devices/devices'
import { dlt645Meter1997 } from '@anju/simulators/devices/dlt645-1997-meter/meter'
import { dlt645SinglePhase } from '@anju/simulators/devices/dlt645-meter/device'
import { dlt645ThreePhase } from '@anju/simulators/devices/dlt645-three-phase/meter'
import { eastronSdm120 } from '@anju/simulators/devices/eastron-sdm120/meter'
import {
  doorContact,
  motionDetector,
  roomClimate,
  roomThermometer,
  waterDetector,
} from '@anju/simulators/devices/esp3/senders'
import { pzem004t } from '@anju/simulators/devices/pzem-004t/meter'
import type { HomePlan } from './busy-home.ts'

/** What publishes in this home, by the names of the simulators' list; buttons are left out, for they measure little. */
const PUBLISHING = [
  'bthome-climate',
  'dragino-door',
  'esphome-meter',
  'esphome-presence',
  'milesight-climate',
  'milesight-door',
  'shelly-climate',
  'shelly-plug',
  'shelly-smoke',
  'tasmota-plug',
  'vayyar-radar',
  'wmbus-heat-meter',
  'wmbus-water-meter',
  'zigbee-door',
  'zigbee-leak',
  'zigbee-motion',
  'zigbee-plug',
  'zigbee-smoke',
]

/** A home of more than forty devices: two buses of four protocols, a radio receiver, and nine dialects of MQTT. */
export const fortyDevices = (): HomePlan => ({
  lines: [
    {
      id: 'bus-2400',
      baud: 2_400,
      parity: 'even',
      polled: [
        ...['000000000161', '000000000162', '000000000163', '000000000164'].map(
          (address, i) => [`power-${i}`, dlt645SinglePhase(address)] as const,
        ),
        ['old-power-1', dlt645Meter1997('000000000171')],
        ['old-power-2', dlt645Meter1997('000000000172')],
        ['three-phases', dlt645ThreePhase('000000000181')],
        ['cold-water-1', cjt188ColdWater('00000000000191')],
        ['cold-water-2', cjt188ColdWater('00000000000192')],
        ['gas', cjt188Gas('00000000000193')],
        ['heat', cjt188Heat('00000000000194')],
      ],
    },
    {
      id: 'bus-9600',
      baud: 9_600,
      parity: 'none',
      polled: [
        ['sub-1', eastronSdm120('1')],
        ['sub-2', eastronSdm120('2')],
        ['sub-3', chintDdsu666('3')],
        ['sub-4', chintDdsu666('4')],
        ['sub-5', pzem004t('5')],
      ],
    },
    {
      id: 'radio',
      baud: 57_600,
      parity: 'none',
      talking: [
        ['balcony-door', doorContact('0181B701')],
        ['bedroom-door', doorContact('0181B702')],
        ['hall-motion', motionDetector('0181B703')],
        ['bath-leak', waterDetector('0181B704')],
        ['bedroom-warmth', roomThermometer('0181B705'), { eep: 'A5-02-05' }],
        ['bath-climate', roomClimate('0181B706'), { eep: 'A5-04-01' }],
      ],
    },
  ],
  publishing: PUBLISHING.map((name): readonly [string, PublishingDevice] => {
    const made = publishingDevices.find((one) => one.name === name)
    if (!made) throw new Error(`no simulated device ${name}`)
    return [name, made.make(ADDRESSES[name] ?? name)]
  }),
})

/** Where a device has an address of its own kind; the others are called by their name. */
const ADDRESSES: Readonly<Record<string, string>> = {
  'bthome-climate': 'A4:C1:38:11:22:33',
  'dragino-door': 'a84041c18187c001',
  'milesight-climate': '24e124136b325678',
  'milesight-door': '24e124141c141234',
  'shelly-climate': 'shellyhtg3-3030f9ec8468',
  'shelly-plug': 'shellyplusplugs-80646fc9f5a4',
  'shelly-smoke': 'shellyplussmoke-80646fd09ed4',
  'vayyar-radar': 'id_M2Y2NzA1',
  'wmbus-heat-meter': 'Heating',
  'wmbus-water-meter': 'ColdWaterMeter',
}
