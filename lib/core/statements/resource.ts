import * as z from 'zod';

/** in-toto ResourceDescriptor, github.com/in-toto/attestation spec/v1/resource_descriptor.md: one of `uri`, `digest` and `content` is there. */
export const ResourceDescriptor = z
  .strictObject({
    name: z.string().optional(),
    uri: z.string().optional(),
    digest: z.record(z.string(), z.string().min(1)).optional(),
    /** Base64. */
    content: z.base64().optional(),
    downloadLocation: z.string().optional(),
    mediaType: z.string().optional(),
    annotations: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(
    ({ uri, digest, content }) => uri !== undefined || digest !== undefined || content !== undefined,
    'must hold a uri, a digest or the content',
  );
export type ResourceDescriptor = z.infer<typeof ResourceDescriptor>;
