import { parseTelemetry } from '@anju/contract'
import mqtt from 'mqtt'

/** The reference's other half in `ingest-cpu`: a plain mqtt.js subscriber that validates what it consumes. */
const client = mqtt.connect(`mqtt://127.0.0.1:${process.argv[2]}`, { clientId: 'consumer', clean: true })
let refused = 0
client.on('message', (_topic, payload) => {
  if (!parseTelemetry(payload).ok) refused += 1
})
client.on('connect', () => {
  client.subscribe('anju/v1/+/up/telemetry', { qos: 1 }, () => console.log('listening'))
})
process.once('SIGTERM', () => {
  console.log(`${refused} refused`)
  process.exit(0)
})
