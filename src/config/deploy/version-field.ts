import * as z from 'zod'

/** What in a pod template says which version it is. */
export const versionField = {
  container: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be the name of a container')
    .optional()
    .describe('The container whose image (or variable) says the version. Default: the first one.'),
  env: z
    .string()
    .regex(/^[A-Za-z_][\w.-]*$/, 'must be the name of an environment variable')
    .optional()
    .describe(
      "The container's environment variable that says the version, such as MODEL_URI, where the image is the same for all.",
    ),
}
