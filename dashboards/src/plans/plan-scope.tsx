import { CLASS_RANK, classOf, EVENT_TYPES, type EventType } from '@anju/contract/event'
import { PLAN_CLASSES } from '@anju/contract/plan-words'
import { InputBase } from '@mantine/core'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import dialogs from '../incident/dialogs.module.css'
import { aboutOf, type Draft, type Place, valueOf, type Where } from './draft.ts'
import { HomeSearch } from './home-search.tsx'

/** What is only recorded is handled by nobody, and needs no plan. */
const TYPES = (Object.keys(EVENT_TYPES) as EventType[]).filter((type) => classOf(type) !== 'info')
const CLASSES = PLAN_CLASSES.toSorted((a, b) => CLASS_RANK[a] - CLASS_RANK[b])

interface Props {
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
  readonly problemAt: (place: Place) => string | undefined
}

/** For which alarms, and for which homes. */
export function PlanScope({ draft, onChange, problemAt }: Props) {
  const t = useText()
  const words = useWords()
  const { about, where } = draft
  return (
    <>
      <InputBase
        component="select"
        pointer
        rightSection={<span aria-hidden="true">▾</span>}
        rightSectionPointerEvents="none"
        label={t('plans.event')}
        error={problemAt('event')}
        data-field="event"
        data-autofocus
        value={about === null ? '' : valueOf(about)}
        onChange={(event) => onChange({ ...draft, about: aboutOf(event.currentTarget.value) })}
      >
        <option value="">{t('plans.event-choose')}</option>
        {CLASSES.map((of) => (
          <optgroup key={of} label={words('class', of)}>
            {TYPES.filter((type) => classOf(type) === of).map((type) => (
              <option key={type} value={valueOf({ type })}>
                {words('event', type)}
              </option>
            ))}
          </optgroup>
        ))}
        <optgroup label={t('plans.whole-class')}>
          {CLASSES.map((of) => (
            <option key={of} value={valueOf({ class: of })}>
              {t('plans.class', { class: words('class', of) })}
            </option>
          ))}
        </optgroup>
      </InputBase>
      <fieldset className={dialogs['choice']} data-choice="where">
        <legend>{t('plans.where')}</legend>
        <div className={dialogs['options']}>
          {(['all', 'one'] as const).map((option) => (
            <label key={option} className={dialogs['option']} data-option={option}>
              <input
                type="radio"
                name="where"
                value={option}
                checked={where.for === option}
                onChange={() => onChange({ ...draft, where: START[option] })}
              />
              {t(option === 'all' ? 'plans.all-homes' : 'plans.one-home')}
            </label>
          ))}
        </div>
      </fieldset>
      {where.for === 'one' && (
        <HomeSearch
          chosen={where.home}
          problem={problemAt('home')}
          onChoose={(home) => onChange({ ...draft, where: { for: 'one', home } })}
        />
      )}
    </>
  )
}

const START: Record<Where['for'], Where> = { all: { for: 'all' }, one: { for: 'one', home: null } }
