import type { Alarm } from '@anju/contract/api'
import { useWords } from '../i18n/words.ts'
import styles from './priority-mark.module.css'

/** Shape, colour and word, always together: any one of them is lost on somebody. */
export function PriorityMark({
  alarm,
  size = 26,
}: {
  readonly alarm: Pick<Alarm, 'class' | 'test'>
  readonly size?: number
}) {
  const words = useWords()
  const shape = isOnTest(alarm) ? { ...shapes[alarm.class], ...grey } : shapes[alarm.class]
  return (
    <span className={styles['mark']}>
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
        <path d={shape.path} fill={shape.fill} stroke={shape.stroke} strokeWidth="2" strokeLinejoin="round" />
        <text x="16" y="21" textAnchor="middle" fill={shape.ink} className={styles['letter']}>
          {shape.letter}
        </text>
      </svg>
      <span className={styles['word']}>{words('class', alarm.class)}</span>
    </span>
  )
}

/** Raised by a test, and shown so; a life alarm never is, whatever is being tested. */
export const isOnTest = ({ test, class: of }: Pick<Alarm, 'class' | 'test'>): boolean => test && of !== 'life'

const grey = { fill: '#5c646d', stroke: '#5c646d', ink: '#fff' }
const octagon = 'M10.5 2.5h11l8 8v11l-8 8h-11l-8-8v-11z'
const diamond = 'M16 2 30 16 16 30 2 16z'
const circle = 'M16 3a13 13 0 1 1 0 26 13 13 0 0 1 0-26z'
const shapes: Record<Alarm['class'], { path: string; fill: string; stroke: string; ink: string; letter: string }> = {
  life: { path: octagon, fill: '#a8071a', stroke: '#a8071a', ink: '#fff', letter: 'P1' },
  hazard: { path: octagon, fill: '#a8071a', stroke: '#23282d', ink: '#fff', letter: 'P1' },
  technical: { path: diamond, fill: '#8fd3e8', stroke: '#23282d', ink: '#000', letter: 'T' },
  info: { path: circle, fill: '#fff', stroke: '#7a828c', ink: '#23282d', letter: 'i' },
}
