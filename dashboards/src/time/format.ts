const formats = new Map<string, Intl.DateTimeFormat>()
const days = new Map<string, Intl.DateTimeFormat>()

/** `zone` is the home's where the time is the home's; undefined means the seat's own. Always 24 h. */
function formatOf(zone: string | undefined, parts: 'time' | 'seconds' | 'day'): Intl.DateTimeFormat {
  const key = `${zone ?? ''}|${parts}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    ...(parts === 'time' ? {} : { second: '2-digit' }),
    ...(parts === 'day' ? { month: '2-digit', day: '2-digit' } : {}),
    ...(zone === undefined ? {} : { timeZone: zone }),
  })
  formats.set(key, made)
  return made
}

const instantOf = (at: string | number): number => (typeof at === 'number' ? at : Date.parse(at))

export const clockTime = (at: string | number, zone?: string): string => formatOf(zone, 'seconds').format(instantOf(at))
export const hourMinute = (at: string | number, zone?: string): string => formatOf(zone, 'time').format(instantOf(at))

/** `MM-DD HH:mm:ss`: for what may lie on another day. */
export function dayTime(at: string | number, zone?: string): string {
  const parts = new Map(
    formatOf(zone, 'day')
      .formatToParts(instantOf(at))
      .map(({ type, value }) => [type, value]),
  )
  return `${parts.get('month')}-${parts.get('day')} ${parts.get('hour')}:${parts.get('minute')}:${parts.get('second')}`
}

/** `YYYY-MM-DD`: for what may lie years back. */
export function day(at: string | number, zone?: string): string {
  const known = days.get(zone ?? '')
  const format =
    known ??
    new Intl.DateTimeFormat('en-CA', {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      ...(zone === undefined ? {} : { timeZone: zone }),
    })
  days.set(zone ?? '', format)
  return format.format(instantOf(at))
}

/** `MM-DD HH:mm`: for what is planned. */
export const dayMinute = (at: string | number, zone?: string): string => dayTime(at, zone).slice(0, -3)

const two = (n: number): string => String(n).padStart(2, '0')

/** `HH:MM:SS`, with days in front where there are any; a length before zero is zero. */
export function span(lengthMs: number): string {
  const s = Math.max(0, Math.floor(lengthMs / 1_000))
  const days = Math.floor(s / 86_400)
  const clock = `${two(Math.floor(s / 3_600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
  return days > 0 ? `${days}d ${clock}` : clock
}
