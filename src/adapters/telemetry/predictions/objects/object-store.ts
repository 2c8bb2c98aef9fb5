export interface StoredObject {
  readonly key: string
  /** Milliseconds since 1970, by the store's clock. */
  readonly modified: number
  /** Changes when the object does. */
  readonly revision: string
}

export interface ObjectPage {
  readonly objects: readonly StoredObject[]
  /** What the next page is asked for by; undefined after the last one. */
  readonly next: string | undefined
}

/** A bucket, read only. */
export interface ObjectStore {
  /** For messages, such as `s3://bucket`. */
  readonly name: string
  /** A page of the objects under the prefix, those after a name alone where one is given and the store can tell. */
  page(wanted: {
    readonly after: string | undefined
    readonly next: string | undefined
  }): Promise<ObjectPage>
  /** The content from a byte on; undefined where the object is gone. A store that gives all of it says so by `from`. */
  content(
    key: string,
    from: number,
  ): Promise<{ readonly body: AsyncIterable<Uint8Array>; readonly from: number } | undefined>
}
