import { type CommentDocument, inPipelineOrder, type Section } from './document.js'
import { decodeName, encodeName } from './markers.js'

/** The document with a section added, or put in the place of the earlier one of its name. */
export function putSection(document: CommentDocument, section: Section): CommentDocument {
  const name = storedName(section.name)
  const others = document.sections.filter((other) => storedName(other.name) !== name)
  return { ...document, sections: inPipelineOrder([...others, { ...section, name }]) }
}

/**
 * All sections of several comments of one project and workflow, oldest first: of two sections of
 * one name the newer comment's stands. No documents at all give an empty one.
 */
export function mergeDocuments(
  identity: { readonly project: string; readonly workflow: string },
  documents: readonly CommentDocument[],
): CommentDocument {
  let merged: CommentDocument = { ...identity, sections: [] }
  for (const document of documents) {
    for (const section of document.sections) merged = putSection(merged, section)
  }
  return merged
}

/** A name as it comes back from the marker: cut and well-formed. */
export function storedName(name: string): string {
  return decodeName(encodeName(name))
}
