import { type GatewayId, gatewayId } from './ids.ts'

export const UP_KINDS = ['telemetry', 'event', 'health', 'result', 'config'] as const
export type UpKind = (typeof UP_KINDS)[number]
export const DOWN_KINDS = ['receipt', 'handling', 'command', 'config'] as const
export type DownKind = (typeof DOWN_KINDS)[number]

export const upTopic = (gateway: GatewayId, kind: UpKind): string => `anju/v1/${gateway}/up/${kind}`
export const downTopic = (gateway: GatewayId, kind: DownKind): string => `anju/v1/${gateway}/down/${kind}`
export const downFilter = (gateway: GatewayId): string => `anju/v1/${gateway}/down/#`

const UP = /^anju\/v1\/([^/]+)\/up\/(telemetry|event|health|result|config)$/

/** The gateway and kind an uplink topic names, or undefined when it is not one of ours. */
export function parseUpTopic(topic: string): { gateway: GatewayId; kind: UpKind } | undefined {
  const match = UP.exec(topic)
  if (!match?.[1] || !match[2]) return undefined
  try {
    return { gateway: gatewayId(match[1]), kind: match[2] as UpKind }
  } catch {
    return undefined
  }
}

/** MQTT 3.1.1 §4.7: whether a topic filter with `+` and `#` matches a topic name. */
export function topicMatches(filter: string, topic: string): boolean {
  // §4.7.2: a wildcard at the front does not reach into a broker's own topics.
  if (topic.startsWith('$') && !filter.startsWith('$')) return false
  const wanted = filter.split('/')
  const given = topic.split('/')
  for (const [index, part] of wanted.entries()) {
    if (part === '#') return true
    if (index >= given.length) return false
    if (part !== '+' && part !== given[index]) return false
  }
  return wanted.length === given.length
}
