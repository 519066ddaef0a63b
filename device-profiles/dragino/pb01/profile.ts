import { hours, reading } from '@anju/contract'
import { LORAWAN_TOPIC, lorawanSays, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { DRAGINO_BUTTON_PORT, draginoButton } from '../../protocols/dragino-lorawan/device.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'

const sends = uplinkOf('a84041c18187c003', DRAGINO_BUTTON_PORT)

export default defineProfile({
  id: 'dragino/pb01',
  name: 'SOS button PB01 (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['PB01', 'PB01-L'],
  // 20 minutes from the factory.
  supervision: { reportEvery: hours(6), lostAfter: hours(19) },
  measures: {
    temperature: { quantity: 'temperature', name: 'Temperature' },
    humidity: { quantity: 'relative-humidity', name: 'Relative humidity' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
  },
  events: { 'sos-pressed': { class: 'life', from: 'edge' }, ...batteryLow('battery-voltage', 2.4, 2.7) },
  walkTest: { do: 'Press the button once; it answers with a tone.', proves: 'sos-pressed' },
  wiring: ['Within reach of somebody who lies on the floor; reporting interval at most six hours.'],
  knownFaults: [{ firmware: 'any', fault: 'Its layout is from the public decoder: no captured press was found.' }],
  decode: draginoButton({
    points: ['temperature', 'humidity', 'battery-voltage'],
    events: ({ frame }) => (frame.alarm === true ? ['sos-pressed'] : []),
  }),
  examples: [
    {
      when: 'pressed',
      input: sends('0C E4 00 01 00 FA 02 58'),
      reads: { temperature: reading(25), humidity: reading(60), 'battery-voltage': reading(3.3) },
      events: ['sos-pressed'],
    },
    {
      when: 'a sign of life, in the cold',
      input: sends('0C E4 03 00 FF F6 02 58'),
      reads: { temperature: reading(-1), humidity: reading(60), 'battery-voltage': reading(3.3) },
    },
    { when: 'it joins', input: lorawanSays('a84041c18187c003')('join', {}), reads: {} },
    { when: 'cut off', input: sends('0C E4 00 01'), fails: 'frame-malformed' },
  ],
})
