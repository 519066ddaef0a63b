import type { Device } from '../../ports.ts'

/** Whose message a topic is. Buttons behind one radio bridge share its topic: each profile takes what is its own device's. */
export type TopicIndex = (topic: string) => readonly Device[]

/** Topics installed with wildcards, level by level. */
interface Level {
  readonly below: Map<string, Level>
  readonly devices: Device[]
}
const level = (): Level => ({ below: new Map(), devices: [] })

/**
 * The topic a device is installed with (MQTT wildcards allowed), or one below it (`…/availability`, `…/action`), which the profile
 * tells apart. What a message costs depends on the levels of its topic, not on how many devices there are.
 */
export function topicIndex(devices: readonly Device[]): TopicIndex {
  const literal = new Map<string, Device[]>()
  const wild = level()
  const order = new Map(devices.map((device, position) => [device, position]))
  for (const device of devices) {
    if (device.topic === undefined) continue
    if (isLiteral(device.topic)) literal.set(device.topic, [...(literal.get(device.topic) ?? []), device])
    else reached(wild, device.topic).devices.push(device)
  }
  const asInstalled = (a: Device, b: Device) => (order.get(a) ?? 0) - (order.get(b) ?? 0)
  return (topic) => {
    const exact = literal.get(topic)
    if (exact) return exact
    // MQTT §4.7.2: a wildcard does not reach into a broker's own topics.
    const matched = topic.startsWith('$') ? [] : matching(wild, topic.split('/'), 0)
    return [...above(literal, topic), ...matched].sort(asInstalled)
  }
}

const isLiteral = (topic: string): boolean => !/(?:^|\/)[+#](?:\/|$)/.test(topic)

function reached(from: Level, filter: string): Level {
  let at = from
  for (const part of filter.split('/')) {
    const next = at.below.get(part) ?? level()
    at.below.set(part, next)
    at = next
  }
  return at
}

function matching(at: Level, parts: readonly string[], index: number): readonly Device[] {
  // `a/#` is also `a` itself.
  const rest = at.below.get('#')?.devices ?? []
  const part = parts[index]
  if (part === undefined) return [...at.devices, ...rest]
  const next = [at.below.get(part), at.below.get('+')]
  return [...rest, ...next.flatMap((one) => (one ? matching(one, parts, index + 1) : []))]
}

/** The nearest device above a topic: a lamp called `hall/lamp` is not the one called `hall`. */
function above(literal: ReadonlyMap<string, readonly Device[]>, topic: string): readonly Device[] {
  for (let end = topic.lastIndexOf('/'); end > 0; end = topic.lastIndexOf('/', end - 1)) {
    const found = literal.get(topic.slice(0, end))
    if (found) return found
  }
  return []
}
