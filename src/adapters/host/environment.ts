/** The environment variables of the process that runs us. */
export type Environment = Readonly<Record<string, string | undefined>>
