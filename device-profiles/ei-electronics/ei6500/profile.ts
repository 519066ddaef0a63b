import { hours, reading } from '@anju/contract'
import { statusSaysMoreThan, wmbusDevice } from '../../protocols/wmbusmeters-mqtt/device.ts'
import { countWord } from '../../src/dialect-words.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { withVoltage } from './codec.ts'

const says = publishedOn('wmbusmeters/Smokey3')
const detector = { _: 'telegram', media: 'smoke detector', meter: 'ei6500', name: 'Smokey3', id: '01097274' }

export default defineProfile({
  id: 'ei-electronics/ei6500',
  name: 'Smoke detector Ei6500 (wireless M-Bus, through wmbusmeters)',
  driver: 'mqtt',
  topic: 'wmbusmeters/NAME',
  models: ['ei6500', 'Ei6500-OMS', 'qsmoke'],
  supervision: { reportEvery: hours(12), lostAfter: hours(37) },
  measures: {
    alarms: { quantity: 'occurrence-count', name: 'Smoke alarms so far' },
    tests: { quantity: 'occurrence-count', name: 'Presses of the test button so far' },
    removals: { quantity: 'occurrence-count', name: 'Removals so far' },
    fault: { quantity: 'device-fault', name: 'Fault' },
    'battery-voltage': { quantity: 'battery-voltage', name: 'Battery voltage' },
  },
  events: {
    // Its status stays OK while the house burns: only the counter moves.
    smoke: { class: 'hazard', from: 'rise', of: 'alarms' },
    test: { class: 'info', from: 'rise', of: 'tests' },
    tamper: { class: 'technical', from: 'rise', of: 'removals' },
    'device-fault': { class: 'technical', from: 'level', of: 'fault' },
    ...batteryLow('battery-voltage', 2.6, 2.8),
  },
  walkTest: { do: 'Press its test button, then let the smoke of a test spray reach it.', proves: 'smoke' },
  wiring: [
    'On the ceiling, in the middle of the room; a radio stick for 868 MHz on the gateway.',
    'Its telegrams come minutes apart: this is a second ear beside a detector that reports at once.',
  ],
  knownFaults: [{ firmware: 'any', fault: 'It never says that it smokes now, and so never that it is over.' }],
  decode: withVoltage(
    wmbusDevice({
      points: [],
      words: {
        alarms: countWord('smokeAlarmCounter'),
        tests: countWord('testButtonCounter'),
        removals: countWord('removedCounter'),
        fault: statusSaysMoreThan(),
      },
    }),
  ),
  examples: [
    {
      when: 'a telegram after one alarm and two tests',
      input: says({
        ...detector,
        status: 'OK',
        last_alarm_date: '2022-05-24',
        alarm_counter: 1,
        removed_counter: 0,
        test_button_counter: 2,
        battery_level: '3.00V',
        obstacle_distance: '',
      }),
      reads: {
        alarms: reading(1),
        tests: reading(2),
        removals: reading(0),
        fault: reading(0),
        'battery-voltage': reading(3),
      },
    },
    {
      when: 'its clock is lost',
      input: says({ ...detector, status: 'RTC_INVALID', alarm_counter: 1 }),
      reads: { alarms: reading(1), fault: reading(1) },
    },
    {
      when: 'counters it does not fill are not 0',
      input: says({ ...detector, status: 'OK', alarm_counter: null, test_button_counter: null }),
      reads: { fault: reading(0) },
    },
    { when: 'no telegram', input: says({ alarm_counter: 1 }), fails: 'frame-unknown' },
    { when: 'cut off', input: says('{"media":"smo'), fails: 'payload-malformed' },
  ],
})
