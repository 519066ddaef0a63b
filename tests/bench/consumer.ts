import { parseTelemetry } from '@anju/contract'
import mqtt from 'mqtt'

/** The reference's other half in `ingest-cpu`: a plain mqtt.js subscriber that validates what it consumes. */
const client = mqtt.connect(`mqtt://127.0.0.1:${process.argv[2]}`, { clientId: 'consumer', clean: true })
let consumed = 0
client.on('message', (_topic, payload) => {
  if (parseTelemetry(payload).ok) consumed += 1
})
client.on('connect', () => {
  client.subscribe('anju/v1/+/up/telemetry', { qos: 1 }, () => console.log('listening'))
})
// Told how many are meant to have come: what a broker dropped on the way was not consumed.
process.stdin.on('data', () => console.log(`consumed ${consumed}`))
