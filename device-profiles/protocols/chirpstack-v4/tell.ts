import { type EventType, reading } from '@anju/contract'
import { hexOf } from '../../src/byte-reader.ts'
import { numberAt, objectAt, textAt, valueAt } from '../../src/json-payload.ts'
import { Readings, tellOne, told } from '../../src/tell-one.ts'
import { type ChirpStackEvent, readEvent, readUplink, timeWord } from './event.ts'

/** What the network server says of a device; what the device says is in `payloadHex`, for its maker's codec. */
export const chirpstackV4 = tellOne('chirpstack-v4', ({ topic, bytes }) => {
  const event = readEvent(topic, bytes)
  const readings = new Readings()
  const words = wordsOf(event, readings)
  const head = {
    devEui: event.devEui,
    event: event.kind,
    deviceName: event.deviceName ?? null,
    time: timeWord(event.time),
    deduplicationId: event.deduplicationId ?? null,
  }
  return told({ ...head, ...words }, readings.list, eventsOf(event))
})

function wordsOf(event: ChirpStackEvent, readings: Readings): Readonly<Record<string, unknown>> {
  const { payload } = event
  switch (event.kind) {
    case 'up': {
      const { fPort, bytes, rssiDbm, snrDb, gateways } = readUplink(event)
      return {
        fPort: fPort ?? null,
        payloadHex: bytes === undefined ? null : hexOf(bytes),
        rssiDbm: rssiDbm ?? null,
        snrDb: snrDb ?? null,
        gateways,
        confirmed: valueAt(payload, 'confirmed') === true,
        // Shown, and never read: some codec's opinion.
        decodedByOthers: valueAt(payload, 'object') ?? null,
      }
    }
    // Out of the blue it is a changed battery or a restart.
    case 'join':
      return { joined: true }
    case 'status': {
      const level = numberAt(payload, 'batteryLevel')
      const mains = valueAt(payload, 'externalPowerSource') === true
      const known = !mains && valueAt(payload, 'batteryLevelUnavailable') !== true
      if (level !== undefined && known) readings.add('battery', 'battery-level', reading(level))
      return { marginDb: numberAt(payload, 'margin') ?? null, mains }
    }
    case 'ack':
    case 'txack':
      return { acknowledged: valueAt(payload, 'acknowledged') ?? null }
    case 'log':
      return {
        level: textAt(payload, 'level') ?? null,
        code: textAt(payload, 'code') ?? null,
        description: textAt(payload, 'description') ?? null,
      }
    case 'location': {
      const place = objectAt(payload, 'location') ?? {}
      return { latitude: numberAt(place, 'latitude') ?? null, longitude: numberAt(place, 'longitude') ?? null }
    }
    case 'integration':
      return { integration: textAt(payload, 'integrationName') ?? null }
  }
  return event.kind satisfies never
}

/** An error of the network server about a device: nothing that it sends will arrive. */
const eventsOf = ({ kind, payload }: ChirpStackEvent): EventType[] =>
  kind === 'log' && textAt(payload, 'level') === 'ERROR' ? ['device-fault'] : []
