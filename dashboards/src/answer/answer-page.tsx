import type { AnswerView } from '@anju/contract/api'
import { useEffect } from 'react'
import { LanguageSwitch } from '../frame/language-switch.tsx'
import { Waiting } from '../frame/waiting.tsx'
import { type Text, useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { useWords } from '../i18n/words.ts'
import { hourMinute } from '../time/format.ts'
import styles from './answer-page.module.css'
import { GoingChoice } from './going-choice.tsx'
import { type Answering, useAnswer } from './use-answer.ts'

/** One question to one person, perhaps in the night, perhaps without their glasses: can you go? Large, few words, no login. */
export function AnswerPage({ secret }: { readonly secret: string }) {
  const t = useText()
  const answering = useAnswer(secret)
  const { view, problem, unknown } = answering
  useEffect(() => {
    document.title = t('answer.title')
  }, [t])
  return (
    <main className={styles['page']} data-answer={unknown ? 'unknown' : view ? stateOf(view) : 'waiting'}>
      <div className={styles['top']}>
        <LanguageSwitch />
      </div>
      <h1>{t('answer.title')}</h1>
      <Problem answering={answering} t={t} />
      {!view && !unknown && !problem && <Waiting text={t('frame.loading')} />}
      {view && !unknown && <Asked view={view} answering={answering} t={t} />}
    </main>
  )
}

function Problem({
  answering: { unknown, problem, offline, sending },
  t,
}: {
  readonly answering: Answering
  readonly t: Text
}) {
  if (unknown)
    return (
      <section className={styles['said']} role="alert">
        <p className={styles['answer']}>{t('answer.unknown')}</p>
        <p>{t('answer.unknown-more')}</p>
      </section>
    )
  if (offline)
    return (
      <p className={styles['problem']} role="alert" data-offline={sending ? 'sending' : 'reading'}>
        {t(sending ? 'answer.sending' : 'answer.offline')}
      </p>
    )
  if (!problem) return null
  return (
    <p className={styles['problem']} role="alert">
      {sentenceOf(t, problem)}
    </p>
  )
}

/** What this person sees: an end of the matter comes before their own answer, and that before somebody else's. */
const stateOf = ({ over, state, going }: AnswerView) =>
  over ?? (state === 'asked' && going.length > 0 ? 'others' : state)

interface AskedProps {
  readonly view: AnswerView
  readonly answering: Answering
  readonly t: Text
}

function Asked({ view, answering, t }: AskedProps) {
  const words = useWords()
  const at = (time: string) => hourMinute(time, view.timeZone)
  return (
    <>
      {view.test && <p className={styles['exercise']}>{t('answer.exercise')}</p>}
      <p className={styles['what']}>{t('answer.what', { at: at(view.at), type: words('event', view.type) })}</p>
      <section className={styles['said']} aria-live="polite">
        <Said view={view} at={at} t={t} />
        {view.over === null &&
          view.going.map(({ name, until }) => (
            <p key={`${name} ${until}`}>{t('answer.others', { name, at: at(until) })}</p>
          ))}
      </section>
      {view.over === null && <GoingChoice view={view} answering={answering} />}
      <p className={styles['emergency']}>{t('answer.emergency')}</p>
    </>
  )
}

function Said({ view, at, t }: { readonly view: AnswerView; readonly at: (time: string) => string; readonly t: Text }) {
  switch (stateOf(view)) {
    case 'closed':
      return <p className={styles['answer']}>{t('answer.closed')}</p>
    case 'stood-down':
      return <p className={styles['answer']}>{t('answer.stood-down')}</p>
    case 'only-a-test':
      return <p className={styles['answer']}>{t('answer.only-a-test')}</p>
    case 'accepted':
      return (
        <>
          <p className={styles['answer']}>{t('answer.accepted')}</p>
          <p>{t('answer.accepted-until', { count: view.etaMinutes ?? 0, at: at(view.acceptedUntil ?? view.at) })}</p>
        </>
      )
    case 'declined':
      return <p className={styles['answer']}>{t('answer.declined')}</p>
    case 'others':
      return <p className={styles['answer']}>{t('answer.others-enough')}</p>
    default:
      return <p className={styles['answer']}>{t('answer.question')}</p>
  }
}
