/** The value of `{name}` and `{version}` within the quotes of a selector: nothing in it can end the text that it stands in. */
export function filledIn(selector: string, name: string): string {
  const value = name.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
  return selector.replace(/\{(name|version)\}/g, () => value)
}
