import styles from './dialogs.module.css'

interface Props<T extends string> {
  readonly legend: string
  readonly name: string
  readonly options: readonly T[]
  readonly chosen: T | null
  readonly word: (option: T) => string
  readonly onChoose: (option: T) => void
  /** A digit typed now answers this question. */
  readonly current: boolean
  /** The dialog opens with the focus here. */
  readonly startsHere?: boolean
  /** What to say where there is nothing to choose yet. */
  readonly empty?: string
}

/** One question with its answers in sight, numbered for the keyboard. */
export function Choice<T extends string>(props: Props<T>) {
  const { legend, name, options, chosen, word, onChoose, current, startsHere = false, empty = '' } = props
  return (
    <fieldset className={styles['choice']} data-choice={name} data-current={current}>
      <legend>{legend}</legend>
      <div className={styles['options']}>
        {options.length === 0 && <span className={styles['hint']}>{empty}</span>}
        {options.map((option, index) => (
          <label key={option} className={styles['option']} data-option={option}>
            <input
              data-autofocus={startsHere && index === 0 ? true : undefined}
              type="radio"
              name={name}
              value={option}
              checked={option === chosen}
              onChange={() => onChoose(option)}
            />
            <span className={styles['digit']} aria-hidden="true">
              {index + 1}
            </span>
            {word(option)}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
