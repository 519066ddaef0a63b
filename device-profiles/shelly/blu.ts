import { hours } from '@anju/contract'
import { announces, notifies } from '../protocols/shelly-gen2/device.ts'
import { batteryLow } from '../src/profile.ts'
import { publishedOn } from '../src/publication.ts'

/** What the Bluetooth devices of Shelly have in common: a gateway speaks for them, under its own topic. */
export const behindGateway = { driver: 'mqtt', topic: 'ID of the gateway, or +/events/rpc for several' } as const

/** A sensor on a coin cell that also tells how light it is. */
export const lightSensor = {
  ...behindGateway,
  supervision: { reportEvery: hours(12), lostAfter: hours(37) },
  measures: {
    illuminance: { quantity: 'illuminance', name: 'Illuminance' },
    battery: { quantity: 'battery-level', name: 'Battery level' },
  },
  events: batteryLow('battery'),
} as const

/** The gateway of the examples, and how the device is named to it where a script hands it on. */
export const gateway = 'shellyblugwg3-34b7da8a1c2e'
export const hears = announces(gateway)
export const says = notifies(gateway)
export const script = { device: 'aa:bc:12:34:56:78' }
export const cutOff = {
  when: 'cut off',
  options: script,
  input: publishedOn(gateway)('{"src":"sh', { under: 'events/rpc' }),
  fails: 'payload-malformed',
} as const
