/** Episode = (home, placement, type) until its alarm is closed. */
export interface EpisodeKey {
  readonly home: string
  readonly placement: string
  readonly type: string
}

export const episodeOf = ({ home, placement, type }: EpisodeKey): string => `${home}/${placement}/${type}`
