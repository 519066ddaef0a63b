import { Refusal } from '../api/request.ts'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import styles from './push-card.module.css'
import { usePush } from './use-push.ts'

/** Being asked at night starts here: what is asked for and why, before the browser asks in its own words. */
export function PushCard({ session }: { readonly session: string }) {
  const t = useText()
  const { state, busy, problem, turnOn, turnOff } = usePush(session)
  if (!state && !problem) return null
  return (
    <section className={styles['card']} data-push={state?.is ?? 'unknown'} aria-labelledby="push-title">
      <h2 id="push-title">{t('push.title')}</h2>
      {state?.is === 'unsupported' && <p>{t('push.unsupported')}</p>}
      {state?.is === 'not-asked' && <p>{t('push.not-asked')}</p>}
      {state?.is === 'blocked' && <p>{t('push.blocked')}</p>}
      {state?.is === 'off' && (
        <>
          <p>{t('push.why')}</p>
          <button type="button" data-action="push-on" disabled={busy} onClick={turnOn}>
            {t(busy ? 'push.working' : 'push.turn-on')}
          </button>
        </>
      )}
      {state?.is === 'on' && (
        <>
          <output>
            {t('push.on')}{' '}
            {state.way.lastProvenOn === null
              ? t('push.unproven')
              : t('push.proven', { on: state.way.lastProvenOn.slice(0, 10) })}
          </output>
          <button type="button" data-action="push-off" disabled={busy} onClick={turnOff}>
            {t('push.turn-off')}
          </button>
        </>
      )}
      {problem && (
        <p className={styles['problem']} role="alert">
          {/* A browser's own words (no push service, no network) are for nobody's eyes. */}
          {problem instanceof Refusal ? sentenceOf(t, problem) : t('push.failed')}
        </p>
      )}
    </section>
  )
}
