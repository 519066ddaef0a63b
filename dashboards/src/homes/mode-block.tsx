import type { HomeDetail } from '@anju/contract/api'
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { type LastingMode, people } from '../api/people-calls.ts'
import { PickOf } from '../frame/pick.tsx'
import { Press, Problem } from '../frame/press.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { dayMinute, span } from '../time/format.ts'
import { useNow } from '../time/use-now.ts'
import { focusIn, focusOn } from './focus.ts'
import styles from './homes.module.css'
import { InPlaceForm } from './in-place-form.tsx'
import { LASTING_MODES, type Length, lengthOf, MINUTES, modeAt } from './mode-choice.ts'
import { useAct } from './use-home.ts'

/** Whether a home is away, in hospital or on test, how long yet, and what that means. */
export function ModeBlock({ home }: { readonly home: HomeDetail }) {
  const t = useText()
  const words = useWords()
  const act = useAct(home.id)
  const [choosing, setChoosing] = useState<LastingMode | null>(null)
  const now = modeAt(home, useNow())
  const close = () => {
    setChoosing(null)
    focusOn('[data-modes] h3')
  }
  async function end() {
    if (await act.run(() => people.endMode(home.id, t('homes.mode-ended')))) focusOn('[data-modes] h3')
  }
  return (
    <section className={styles['block']} aria-labelledby="modes-title" data-modes={now.mode}>
      <div className={styles['head']}>
        <h3 id="modes-title" tabIndex={-1}>
          {t('homes.modes')}
        </h3>
        <b>{now.mode === 'home' ? t('homes.at-home') : words('mode', now.mode)}</b>
        {now.mode !== 'home' && (
          <span className="numerals" data-mode-left>
            {t('homes.mode-left', { left: span(now.leftMs), at: dayMinute(now.until, home.timeZone) })}
          </span>
        )}
      </div>
      <p className={styles['soft']}>
        {now.mode === 'home' ? t('homes.modes-mean') : t(MEANS[now.mode])} {t('homes.mode-live')}
      </p>
      <Problem text={act.problem} />
      {choosing === null ? (
        <div className={styles['buttons']}>
          {now.mode !== 'home' && (
            <Press action="end-mode" off={act.busy} onPress={() => void end()}>
              {t('homes.end-mode')}
            </Press>
          )}
          {LASTING_MODES.map((mode) => (
            <Press key={mode} action={`mode-${mode}`} onPress={() => setChoosing(mode)}>
              {t(mode === now.mode ? 'homes.mode-anew' : 'homes.mode-set', { mode: words('mode', mode) })}
            </Press>
          ))}
        </div>
      ) : (
        <ModeForm key={choosing} home={home} mode={choosing} onDone={close} />
      )}
    </section>
  )
}

const MEANS = {
  away: 'homes.away-means',
  hospital: 'homes.hospital-means',
  test: 'homes.test-means',
} as const satisfies Record<LastingMode, string>

interface FormProps {
  readonly home: HomeDetail
  readonly mode: LastingMode
  readonly onDone: () => void
}

/** How long, and why: it always ends by itself. */
function ModeForm({ home, mode, onDone }: FormProps) {
  const t = useText()
  const words = useWords()
  const act = useAct(home.id)
  const lengths = MINUTES[mode].map(String)
  const [minutes, setMinutes] = useState(lengths[0] ?? '')
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  async function save(form: HTMLFormElement) {
    const why = reason.trim()
    setMissing(why === '')
    if (why === '') return focusIn(form, '[data-field=mode-reason]')
    if (await act.run(() => people.setMode(home.id, mode, Number(minutes), why))) onDone()
  }
  const wordOf = (option: string) => {
    const { unit, count } = lengthOf(Number(option))
    return t(LENGTHS[unit], { count })
  }
  const name = words('mode', mode)
  return (
    <InPlaceForm
      name="mode"
      label={t('homes.mode-set', { mode: name })}
      save={t('homes.mode-set', { mode: name })}
      problem={act.problem}
      busy={act.busy}
      dirty={reason !== ''}
      onSave={(form) => void save(form)}
      onCancel={onDone}
    >
      <p>
        {t(MEANS[mode])} {t('homes.mode-live')}
      </p>
      <div className={styles['fields']}>
        <PickOf
          label={t('homes.mode-for')}
          field="mode-for"
          value={minutes}
          of={lengths}
          word={wordOf}
          onPick={setMinutes}
        />
        <TextInput
          type="text"
          label={t('homes.mode-reason')}
          maxLength={500}
          value={reason}
          error={missing && reason.trim() === '' ? t('homes.reason-missing') : undefined}
          data-field="mode-reason"
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </div>
    </InPlaceForm>
  )
}

const LENGTHS = {
  minutes: 'homes.minutes',
  hours: 'homes.hours-long',
  days: 'homes.days-long',
} as const satisfies Record<Length['unit'], string>
