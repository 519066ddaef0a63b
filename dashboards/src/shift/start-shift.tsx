import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useSound } from '../console/seat.tsx'
import { useText } from '../i18n/locale.tsx'
import { speaker } from '../sound/speaker.ts'
import { SeatChoice } from './seat-choice.tsx'
import styles from './start-shift.module.css'

/** The gate before the queue: the seat's sound is tried by the ears that will depend on it. */
export function StartShift({ onHeard }: { readonly onHeard: () => void }) {
  const t = useText()
  const { audible } = useSound()
  const [asked, setAsked] = useState(false)
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => first.current?.focus(), [])

  function play() {
    speaker.unlock()
    setAsked(true)
    const once = speaker.subscribe(() => {
      if (!speaker.audible()) return
      once()
      speaker.play('alarm')
    })
    if (speaker.audible()) {
      once()
      speaker.play('alarm')
    }
  }

  return (
    <section className={styles['gate']} aria-labelledby="shift-title" data-gate="shift">
      <h2 id="shift-title">{t('shift.title')}</h2>
      <p>{t('shift.why')}</p>
      <div className={styles['seat']}>
        <SeatChoice />
      </div>
      <ol className={styles['steps']}>
        <li>
          <Button size="md" variant={asked ? 'default' : 'filled'} data-action="play-tone" ref={first} onClick={play}>
            {t('shift.play')}
          </Button>
        </li>
        <li>
          <output>{asked ? t(audible ? 'shift.heard-question' : 'shift.no-sound') : t('shift.before')}</output>
          <div className={styles['answers']}>
            <Button
              size="md"
              variant={asked ? 'filled' : 'default'}
              data-action="heard"
              disabled={!asked || !audible}
              onClick={onHeard}
            >
              {t('shift.heard')}
            </Button>
            <Button size="md" variant="default" data-action="not-heard" disabled={!asked} onClick={play}>
              {t('shift.not-heard')}
            </Button>
          </div>
          {asked && <p className={styles['help']}>{t('shift.help')}</p>}
        </li>
      </ol>
    </section>
  )
}
