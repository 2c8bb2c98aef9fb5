import * as z from 'zod'

const Port = z.int().min(0).max(65_535)

const Backend = z
  .strictObject({
    version: z
      .string()
      .min(1)
      .optional()
      .describe('Its name. Default for the canary: the registered model and version.'),
    name: z
      .string()
      .min(1)
      .max(1024)
      .optional()
      .describe(
        'What the target calls it: a Service, a Deployment, a subset, the address of a model.',
      ),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Where it answers, when it runs already.'),
    command: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe(
        'The program that serves it and its arguments, started without a shell; `{port}`, `{model}` and `{version}` in it are filled in.',
      ),
    model: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The model file or folder, for `{model}`. Default for the canary: the registered one.',
      ),
    port: Port.default(0).describe('The port for `{port}`; 0 takes a free one.'),
  })
  .refine(({ url, command }) => url === undefined || command === undefined, {
    message: 'has either url or command',
  })
  .refine(({ url, command, name }) => (url ?? command ?? name) !== undefined, {
    message: 'needs url, command or name',
  })

/** The two versions, and how each is reached, started or called. */
export const Backends = z.strictObject({
  stable: Backend.optional().describe(
    'The version in use, for the first start of the router; afterwards the router knows it.',
  ),
  canary: Backend.optional().describe('The version to deploy.'),
})

/** Where the embedded router takes requests. */
export const Listen = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('The address that users reach.'),
  port: Port.default(8080).describe('The port that users reach; 0 takes a free one.'),
})
