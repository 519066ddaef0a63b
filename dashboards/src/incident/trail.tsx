import type { AlarmDetail, HomeDetail } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { homes } from '../api/calls.ts'
import { useLive, useSecond } from '../console/seat.tsx'
import { type Text, useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { useWords, type Words } from '../i18n/words.ts'
import { hourMinute } from '../time/format.ts'
import styles from './trail.module.css'
import { drawTrail } from './trail-chart.ts'
import { type Series, type Trail as TrailData, trailOf, trailPointsOf } from './trail-data.ts'

const hourS = 3_600
const everyS = 60
const refreshMs = 20_000
const heightPx = 190

interface Props {
  readonly home: HomeDetail
  readonly occurrences: AlarmDetail['occurrenceList']
}

/** The home's last hour: what the meter and the sensors said, and where they said nothing. */
export function Trail({ home, occurrences }: Props) {
  const t = useText()
  const words = useWords()
  const now = useSecond()
  const { link } = useLive()
  const points = trailPointsOf(home.placements)
  const read = useQuery({
    queryKey: ['trail', home.id],
    queryFn: async ({ signal }) => {
      // Whole steps: half a step at either end would look like a gap.
      const toS = Math.ceil(now / 1_000 / everyS) * everyS
      const fromS = toS - hourS
      const [from, to] = [new Date(fromS * 1_000).toISOString(), new Date(toS * 1_000).toISOString()]
      // One after the other: a browser opens six connections to a server, and a slow chart must leave some for commands.
      const series: Series[] = []
      for (const point of points) {
        const asked = { placement: point.placement, point: point.point, from, to, every: `${everyS}s` }
        series.push({ point, answer: await homes.measurements(home.id, asked, signal) })
      }
      return trailOf(series, fromS, toS, everyS)
    },
    enabled: points.length > 0 && link !== 'lost',
    refetchInterval: refreshMs,
  })
  const trail = read.data
  return (
    <section className={styles['trail']} aria-labelledby="trail-title">
      <div className={styles['head']}>
        <h3 id="trail-title">{t('trail.title')}</h3>
        {trail && <Legend trail={trail} t={t} />}
      </div>
      {points.length === 0 && <p className={styles['note']}>{t('trail.no-sensors')}</p>}
      {read.isError && <output className={styles['note']}>{sentenceOf(t, read.error)}</output>}
      {trail && <Chart trail={trail} home={home} occurrences={occurrences} t={t} words={words} />}
      {trail && <p className={styles['note']}>{gapsInWords(trail, home.timeZone, t, words)}</p>}
    </section>
  )
}

function Legend({ trail, t }: { readonly trail: TrailData; readonly t: Text }) {
  const latest = (value: number | null | undefined, unit: string) =>
    value === null || value === undefined ? t('trail.no-value') : `${value.toFixed(unit === 'V' ? 1 : 0)} ${unit}`
  return (
    <ul className={styles['legend']}>
      {trail.power && (
        <li data-line="power">
          {t('trail.power')} <b className="numerals">{latest(trail.power.latest, 'W')}</b>
        </li>
      )}
      {trail.voltage && (
        <li data-line="voltage">
          {t('trail.voltage')} <b className="numerals">{latest(trail.voltage.latest, 'V')}</b>
        </li>
      )}
      {trail.watchesPresence && <li data-line="presence">{t('trail.presence')}</li>}
      <li data-line="press">{t('trail.press')}</li>
    </ul>
  )
}

interface ChartProps extends Props {
  readonly trail: TrailData
  readonly t: Text
  readonly words: Words
}

function Chart({ trail, home, occurrences, t, words }: ChartProps) {
  const box = useRef<HTMLElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = box.current
    if (!element) return undefined
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  useEffect(() => {
    const element = box.current
    if (!element || width < 120) return undefined
    const label = { power: t('trail.power'), voltage: t('trail.voltage'), presence: t('trail.presence') }
    const occurrencesS = occurrences.filter(({ phase }) => phase === 'raised').map((each) => pressedS(each))
    const marks = { occurrencesS, zone: home.timeZone, gapWord: (why: string) => words('absent', why), label }
    const chart = drawTrail(element, trail, marks, width, heightPx)
    return () => chart.destroy()
  }, [trail, occurrences, home.timeZone, width, t, words])
  return <figure ref={box} className={styles['chart']} aria-label={t('trail.alt')} />
}

/** When it happened by the device's own clock; by the arrival where that clock was plainly wrong. */
function pressedS({ occurredAt, receivedAt, late }: AlarmDetail['occurrenceList'][number]): number {
  const [occurred, received] = [Date.parse(occurredAt), Date.parse(receivedAt)]
  const plausible = late || Math.abs(received - occurred) < 120_000
  return (plausible ? occurred : received) / 1_000
}

function gapsInWords(trail: TrailData, zone: string, t: Text, words: Words): string {
  const gaps = (trail.power ?? trail.voltage)?.gaps ?? []
  if (gaps.length === 0) return t('trail.no-gaps')
  return gaps
    .slice(-4)
    .map(({ fromS, toS, why }) =>
      t('trail.gap', {
        from: hourMinute(fromS * 1_000, zone),
        to: hourMinute(toS * 1_000, zone),
        why: words('absent', why),
      }),
    )
    .join(' · ')
}
