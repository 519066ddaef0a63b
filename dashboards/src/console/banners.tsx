import { Button } from '@mantine/core'
import { memo, useEffect, useSyncExternalStore } from 'react'
import { OfferBanner } from '../handover/offer-banner.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import type { Shift } from '../shift/use-shift.ts'
import { speaker } from '../sound/speaker.ts'
import styles from './banners.module.css'
import { nameOf, useKnown, useLink, useLiveFact, useSeat, useSecond, useSound } from './seat.tsx'
import { lastClosedHere, useCommands } from './use-commands.ts'

interface BannersProps {
  readonly shift: Shift
  readonly onTaken: (id: string) => void
}

/** What the whole seat must know before it looks at any one alarm. */
export const Banners = memo(function Banners({ shift, onTaken }: BannersProps) {
  const t = useText()
  const link = useLink()
  const store = useLiveFact((view) => view.store)
  const telemetry = useLiveFact((view) => view.telemetry)
  const sound = useSound()
  useTitle(sound.audible)
  useVoice()
  return (
    <>
      {link === 'lost' && (
        <Banner name="link-lost" bad>
          <b>{t('banner.link-lost')}</b> {t('banner.link-lost-more')}
        </Banner>
      )}
      {store === 'degraded' && (
        <Banner name="store-degraded" bad>
          <b>{t('banner.store')}</b> {t('banner.store-more')}
        </Banner>
      )}
      {telemetry === 'degraded' && store === 'ok' && <Banner name="telemetry-degraded">{t('banner.telemetry')}</Banner>}
      {(shift.startedAt === null || !sound.audible) && (
        <Banner name="no-sound" bad={!sound.audible}>
          <b>{t(sound.audible ? 'banner.sound-untested' : 'banner.no-sound')}</b>{' '}
          {t(shift.startedAt === null ? 'banner.sound-gate' : 'banner.no-sound-more')}
          {shift.startedAt !== null && (
            <Button size="compact-sm" variant="default" data-action="unlock-sound" onClick={() => speaker.unlock()}>
              {t('banner.sound-on')}
            </Button>
          )}
        </Banner>
      )}
      {shift.startedAt !== null && sound.audible && shift.hearing !== 'confirmed' && (
        <Banner name="hear-check" bad={shift.hearing === 'deaf'}>
          {t(shift.hearing === 'deaf' ? 'banner.deaf' : 'banner.hear-check')}
          <Button size="compact-sm" variant="default" onClick={() => speaker.play('alarm')}>
            {t('shift.play')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={shift.heard}>
            {t('shift.heard')}
          </Button>
        </Banner>
      )}
      <OfferBanner working={shift.startedAt !== null} onTaken={onTaken} />
      <Undo />
      <MessageList />
      <Announcer />
    </>
  )
})

interface BannerProps {
  readonly name: string
  readonly bad?: boolean
  readonly children: React.ReactNode
}
function Banner({ name, bad = false, children }: BannerProps) {
  return (
    <div className={styles['banner']} role={bad ? 'alert' : 'status'} data-banner={name} data-bad={bad}>
      {children}
    </div>
  )
}

/** Sixty seconds in which a close is taken back with one key. */
function Undo() {
  const t = useText()
  const words = useWords()
  const seat = useSeat()
  const commands = useCommands()
  const now = useSecond()
  const alarm = useLiveFact(() => lastClosedHere(seat, now))
  if (!alarm) return null
  const seconds = Math.ceil((Date.parse(alarm.undoUntil ?? '') - now) / 1_000)
  return (
    <div className={styles['banner']} data-banner="undo">
      <span>{t('banner.closed', { name: nameOf(alarm), type: words('event', alarm.type) })}</span>
      <Button size="compact-sm" variant="default" data-action="undo" onClick={() => void commands.undoClose(alarm)}>
        {t('banner.undo', { seconds })} <kbd aria-hidden="true">u</kbd>
      </Button>
    </div>
  )
}

function MessageList() {
  const t = useText()
  const { messages } = useSeat()
  const items = useSyncExternalStore(messages.subscribe, messages.view)
  return (
    <ul className={styles['messages']} aria-live="polite">
      {items.map(({ id, text, tone }) => (
        <li key={id} className={styles['message']} data-message={tone}>
          {text(t)}
          <button type="button" aria-label={t('dialog.dismiss')} onClick={() => messages.dismiss(id)}>
            ×
          </button>
        </li>
      ))}
    </ul>
  )
}

/** Tells a screen reader of life and hazard alarms, and of nothing else. */
function Announcer() {
  const t = useText()
  const words = useWords()
  const { wanted } = useSound()
  const alarm = useKnown(wanted.at(-1)?.id ?? null)?.alarm
  return (
    <div className={styles['unseen']} role="alert">
      {alarm &&
        t('banner.announce', {
          type: words('event', alarm.type),
          name: nameOf(alarm),
          place: alarm.home.placementName,
          count: alarm.occurrences,
        })}
    </div>
  )
}

/** The tab's own name says what waits, and flashes while the seat cannot sound. */
function useTitle(audible: boolean): void {
  const t = useText()
  const { wanted } = useSound()
  const now = useSecond()
  const link = useLink()
  const odd = Math.floor(now / 1_000) % 2 === 1
  const title = t('console.title')
  const waiting = wanted.length > 0 ? `(${wanted.length}) ${title}` : title
  const trouble = link === 'lost' ? t('banner.link-lost') : audible ? '' : t('banner.no-sound')
  useEffect(() => {
    document.title = trouble !== '' && odd ? `⚠ ${trouble}` : waiting
  }, [trouble, waiting, odd])
}

/** After a reload the browser wants a touch before it sounds again: the first one anywhere is enough. */
function useVoice(): void {
  useEffect(() => {
    const touch = () => {
      if (!speaker.audible()) speaker.unlock()
    }
    document.addEventListener('pointerdown', touch, { capture: true })
    document.addEventListener('keydown', touch, { capture: true })
    touch()
    return () => {
      document.removeEventListener('pointerdown', touch, { capture: true })
      document.removeEventListener('keydown', touch, { capture: true })
    }
  }, [])
}
