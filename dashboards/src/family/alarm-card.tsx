import type { AlarmDetail, Home, TimelineKind } from '@anju/contract/api'
import { GoingChoice } from '../answer/going-choice.tsx'
import { Waiting } from '../frame/waiting.tsx'
import { type Text, useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { useWords } from '../i18n/words.ts'
import { happenedAt } from '../time/alarm-age.ts'
import { hourMinute, span } from '../time/format.ts'
import { latenessOf } from '../time/lateness.ts'
import styles from './family-page.module.css'
import { type FamilyAlarm, useFamilyAlarm } from './use-family-alarm.ts'

interface Props {
  readonly id: string
  readonly home: Home
  readonly onUnderstood: () => void
}

/** What happened and when, who has it in hand, who is on the way; and the one question: can you go? */
export function AlarmCard({ id, home, onUnderstood }: Props) {
  const t = useText()
  const alarm = useFamilyAlarm(id)
  const { detail, problem } = alarm
  const at = (time: string | number) => hourMinute(time, home.timeZone)
  const closed = detail?.handling === 'closed'
  return (
    <section
      className={styles['card']}
      data-family={closed ? 'closed' : 'alarm'}
      data-family-alarm={id}
      aria-labelledby={`family-${id}`}
    >
      <h2>{home.name}</h2>
      <p className={styles['answer']} id={`family-${id}`} role="alert">
        {t(closed ? 'answer.closed' : 'family.alarm')}
      </p>
      <Trouble alarm={alarm} t={t} />
      {!detail && !problem && <Waiting text={t('frame.loading')} />}
      {detail && <Happening detail={detail} at={at} t={t} />}
      {detail && !closed && (
        <GoingChoice
          view={{ state: stateOf(detail), etaMinutes: detail.answered?.etaMinutes ?? null }}
          answering={alarm}
        />
      )}
      {detail && <Steps detail={detail} at={at} t={t} />}
      {closed ? (
        <button type="button" className={styles['understood']} data-action="understood" onClick={onUnderstood}>
          {t('dialog.understood')}
        </button>
      ) : (
        <p>{t('answer.emergency')}</p>
      )}
    </section>
  )
}

const stateOf = ({ answered }: AlarmDetail) =>
  answered?.answer === 'going' ? 'accepted' : answered?.answer === 'cannot' ? 'declined' : 'asked'

function Trouble({ alarm: { offline, sending, problem }, t }: { readonly alarm: FamilyAlarm; readonly t: Text }) {
  const text = offline ? t(sending ? 'answer.sending' : 'answer.offline') : problem ? sentenceOf(t, problem) : ''
  if (text === '') return null
  return (
    <p className={styles['unknown']} role="alert">
      {text}
    </p>
  )
}

interface PartProps {
  readonly detail: AlarmDetail
  readonly at: (time: string | number) => string
  readonly t: Text
}

function Happening({ detail, at, t }: PartProps) {
  const words = useWords()
  const { going = [], answered, owner, handling } = detail
  return (
    <>
      {detail.test && <p className={styles['exercise']}>{t('answer.exercise')}</p>}
      <p className={styles['what']}>
        {t('answer.what', { at: at(happenedAt(detail)), type: words('event', detail.type) })}
      </p>
      {handling !== 'closed' && (
        <ul className={styles['now']} aria-live="polite">
          <li>{owner ? t('family.handled-by', { owner: owner.name }) : t('family.waiting')}</li>
          {going.map(({ name, arrivesAt, me }) => (
            <li key={name} data-going={me ? 'me' : 'other'}>
              <b>{me ? t('family.you-go', { at: at(arrivesAt) }) : t('family.goes', { name, at: at(arrivesAt) })}</b>
            </li>
          ))}
          {going.length === 0 && <li>{t('family.nobody-goes')}</li>}
          {answered?.answer === 'cannot' && <li>{t('family.you-cannot')}</li>}
        </ul>
      )}
    </>
  )
}

/** What of the log says something to somebody who waits. */
const telling = new Set<TimelineKind>([
  'raised',
  'occurrence',
  'claimed',
  'contacted',
  'dispatched',
  'accepted',
  'closed',
])
const stepsMax = 6

function Steps({ detail: { timeline }, at, t }: PartProps) {
  const words = useWords()
  const steps = timeline.filter(({ kind }) => telling.has(kind)).slice(-stepsMax)
  return (
    <>
      <h3>{t('family.steps')}</h3>
      <ol className={styles['steps']}>
        {steps.map((entry, index) => {
          const { name } = entry.detail
          const late = latenessOf(entry)
          const by = entry.by?.name ?? (typeof name === 'string' ? name : '')
          return (
            <li key={`${entry.at} ${entry.kind} ${steps.length - index}`} data-kind={entry.kind}>
              <time dateTime={entry.at}>{at(entry.at)}</time> {words('kind', entry.kind)}
              {late && <> · {t('log.late', { at: at(late.heardAt), age: span(late.byMs) })}</>}
              {by !== '' && <> · {by}</>}
            </li>
          )
        })}
      </ol>
    </>
  )
}
