import type { Address } from '../../mail/message';
import type { OutgoingBody } from '../../mail/outbox';
import type { OutgoingAttachment, ThreadReference } from '../../mail/outgoing';

/** What an e-mail takes over from the one that it answers or hands on, with the node's own settings put in. */
export interface OriginalParts {
	readonly to: readonly Address[];
	readonly cc: readonly Address[];
	readonly subject: string;
	readonly thread?: ThreadReference;
	readonly quote?: Required<OutgoingBody>;
	readonly files: readonly OutgoingAttachment[];
}
