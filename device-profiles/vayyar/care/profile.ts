import { absent, hours, reading } from '@anju/contract'
import { vayyarCare } from '../../protocols/vayyar-care/tell.ts'
import { dialect } from '../../src/dialect.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { happened, suppressedFall } from './codec.ts'

const says = publishedOn('/devices/id_M2Y2NzA1')
const event = (type: number, payload: object) =>
  says({ type, payload: { timestamp: 1_768_397_944_445, ...payload } }, { under: 'events' })

export default defineProfile({
  id: 'vayyar/care',
  name: 'Fall radar Vayyar Care',
  driver: 'mqtt',
  topic: '/devices/ID',
  models: ['Vayyar Care', 'VHC-100'],
  // Presence is told when it changes and every hour.
  supervision: { reportEvery: hours(1), lostAfter: hours(4) },
  measures: {
    presence: { quantity: 'presence', name: 'Presence' },
    fall: { quantity: 'fall', name: 'Fall' },
    'suppressed-fall': { quantity: 'fall', name: 'Fall while simulated, learning or silent' },
  },
  events: {
    // Confirmed and calling are stages of one fall: it is raised once, whatever stage is heard first.
    'fall-detected': { class: 'life', from: 'level', of: 'fall' },
    'fall-suspected': { class: 'info', from: 'edge' },
    test: { class: 'info', from: 'edge' },
  },
  walkTest: { do: 'Walk through the room, then lie down on the floor for two minutes.', proves: 'fall-detected' },
  wiring: [
    'On the wall 1.5 m high, or on the ceiling, as its app says; bed and doors are drawn in there.',
    'Learning and silent modes keep falls back: see that both are off when the resident moves in.',
  ],
  knownFaults: [
    {
      firmware: 'any',
      fault: 'Public tables of its event types contradict each other; here 5 is a fall, 8 a sensitive one.',
    },
  ],
  decode: dialect(vayyarCare)({
    points: ['presence', 'fall'],
    words: { 'suppressed-fall': suppressedFall },
    events: happened,
  }),
  examples: [
    {
      when: 'it saw a fall and asks the person',
      input: event(5, { status: 'fall_detected' }),
      reads: { fall: reading(0) },
      events: ['fall-suspected'],
    },
    { when: 'the fall is confirmed', input: event(5, { status: 'fall_confirmed' }), reads: { fall: reading(1) } },
    { when: 'it calls for help', input: event(5, { status: 'calling' }), reads: { fall: reading(1) } },
    { when: 'the person is up again', input: event(5, { status: 'fall_exit' }), reads: { fall: reading(0) } },
    {
      when: 'a sensitive fall is only suspected',
      input: event(8, { status: 'fall_suspected' }),
      reads: { fall: reading(0) },
      events: ['fall-suspected'],
    },
    { when: 'a sensitive fall calls for help', input: event(8, { status: 'calling' }), reads: { fall: reading(1) } },
    {
      when: 'a fall that is played: a test',
      input: event(5, { status: 'calling', isSimulated: true }),
      reads: { 'suppressed-fall': reading(1) },
      events: ['test'],
    },
    {
      when: 'a fall while it learns the room: recorded, and nobody is called',
      input: event(5, { status: 'fall_confirmed', isLearning: true }),
      reads: { 'suppressed-fall': reading(1) },
    },
    {
      when: 'a suspicion while it was told to be silent',
      input: event(5, { status: 'fall_detected', isSilent: true }),
      reads: { 'suppressed-fall': reading(0) },
    },
    {
      when: 'a status that is not known: neither raised nor cleared',
      input: event(5, { status: 'fallen_over' }),
      reads: { fall: absent('invalid') },
    },
    {
      when: 'nobody there',
      input: event(4, { presenceDetected: false, trackerTargets: [] }),
      reads: { presence: reading(0) },
    },
    { when: 'somebody there', input: event(4, { presenceDetected: true }), reads: { presence: reading(1) } },
    {
      when: 'presence that is unknown',
      input: event(4, { presenceDetected: null }),
      reads: { presence: absent('not-reported') },
    },
    { when: 'out of bed', input: event(10, {}), reads: {} },
    { when: 'its state', input: says({ status: 'monitoring' }, { under: 'state' }), reads: {} },
    { when: 'an event without a payload', input: says({ type: 5 }, { under: 'events' }), fails: 'frame-unknown' },
    { when: 'cut off', input: says('{"type":5,', { under: 'events' }), fails: 'payload-malformed' },
  ],
})
