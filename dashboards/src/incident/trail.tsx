import type { AlarmDetail, HomeDetail } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { homes, telemetry } from '../api/calls.ts'
import { useLink, useSecond } from '../console/seat.tsx'
import { OneOf } from '../frame/one-of.tsx'
import { Waiting } from '../frame/waiting.tsx'
import { type Text, useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { useWords, type Words } from '../i18n/words.ts'
import { LastSaid } from './last-said.tsx'
import styles from './trail.module.css'
import { drawTrail } from './trail-chart.ts'
import { type Gap, type Trail as TrailData, trailPointsOf } from './trail-data.ts'
import { hour, RANGES, rangeNamed, type TrailRange, textAt } from './trail-range.ts'
import { type Asking, readTrail } from './trail-reading.ts'

const heightPx = 190
const asking: Asking = {
  measurements: (home, asked, signal) => homes.measurements(home, asked, signal),
  gaps: (home, asked, signal) => telemetry.gaps(home, asked, signal),
}

interface Props {
  readonly home: HomeDetail
  readonly occurrences: AlarmDetail['occurrenceList']
}

/** The home's last hour, day, week or year: what the meter and the sensors said, and where they said nothing. */
export function Trail({ home, occurrences }: Props) {
  const t = useText()
  const words = useWords()
  const now = useSecond()
  const link = useLink()
  const [range, setRange] = useState<TrailRange>(hour)
  const points = trailPointsOf(home.placements)
  const read = useQuery({
    queryKey: ['trail', home.id, range.name],
    queryFn: ({ signal }) => readTrail(asking, home.id, points, range, now, signal),
    enabled: points.length > 0 && link !== 'lost',
    refetchInterval: range.refreshMs,
  })
  const trail = read.data?.trail
  return (
    <section className={styles['trail']} aria-labelledby="trail-title">
      <div className={styles['head']}>
        <h3 id="trail-title">{t('trail.title')}</h3>
        <OneOf
          label={t('trail.range')}
          of="range"
          options={RANGES.map(({ name }) => name)}
          chosen={range.name}
          word={(name) => t(rangeNamed(name).label)}
          onChoose={(name) => setRange(rangeNamed(name))}
        />
        {trail && <Legend trail={trail} t={t} />}
      </div>
      {points.length === 0 && <p className={styles['note']}>{t('trail.no-sensors')}</p>}
      {read.isError && <output className={styles['note']}>{sentenceOf(t, read.error)}</output>}
      {read.isPending && read.isFetching && <Waiting text={t('frame.loading')} />}
      {trail && <Chart trail={trail} home={home} occurrences={occurrences} range={range} t={t} words={words} />}
      {read.data && (
        <p className={styles['note']} data-gaps={range.name}>
          {gapsInWords(read.data.gaps, range, home.timeZone, t, words)}
        </p>
      )}
      <LastSaid home={home} />
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
  readonly range: TrailRange
  readonly trail: TrailData
  readonly t: Text
  readonly words: Words
}

function Chart({ trail, home, occurrences, range, t, words }: ChartProps) {
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
    const textOf = (at: number) => textAt(range.name, at, home.timeZone)
    const marks = { occurrencesS, textAt: textOf, gapWord: (why: string) => words('absent', why), label }
    const chart = drawTrail(element, trail, marks, width, heightPx)
    return () => chart.destroy()
  }, [trail, occurrences, home.timeZone, range.name, width, t, words])
  return <figure ref={box} className={styles['chart']} aria-label={t('trail.alt')} />
}

/** When it happened by the device's own clock; by the arrival where that clock was plainly wrong. */
function pressedS({ occurredAt, receivedAt, late }: AlarmDetail['occurrenceList'][number]): number {
  const [occurred, received] = [Date.parse(occurredAt), Date.parse(receivedAt)]
  const plausible = late || Math.abs(received - occurred) < 120_000
  return (plausible ? occurred : received) / 1_000
}

const gapsTold = 4

function gapsInWords(gaps: readonly Gap[], { name }: TrailRange, zone: string, t: Text, words: Words): string {
  if (gaps.length === 0) return t('trail.no-gaps')
  const at = (s: number) => textAt(name, s * 1_000, zone)
  return gaps
    .slice(-gapsTold)
    .map(({ fromS, toS, why }) => t('trail.gap', { from: at(fromS), to: at(toS), why: words('absent', why) }))
    .join(' · ')
}
