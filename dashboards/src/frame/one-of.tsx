import styles from './one-of.module.css'

interface Props<T extends string> {
  readonly label: string
  readonly options: readonly T[]
  readonly chosen: T
  readonly word: (option: T) => string
  readonly onChoose: (option: T) => void
  /** What names an option in the page: `data-<of>="<option>"`. */
  readonly of: string
  /** The words are each in the language they name. */
  readonly inItsLanguage?: boolean
}

/** A few answers side by side, of which one is chosen. */
export function OneOf<T extends string>({
  label,
  options,
  chosen,
  word,
  onChoose,
  of,
  inItsLanguage = false,
}: Props<T>) {
  return (
    <fieldset className={styles['options']} aria-label={label}>
      {options.map((option) => (
        <button
          key={option}
          type="button"
          lang={inItsLanguage ? option : undefined}
          aria-pressed={option === chosen}
          onClick={() => onChoose(option)}
          {...{ [`data-${of}`]: option }}
        >
          {word(option)}
        </button>
      ))}
    </fieldset>
  )
}
