import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Folder } from '../mailbox/folder';
import type { Mailbox } from '../mailbox/mailbox';
import { toDateTime } from './message-json';

export type ChangeKind = 'created' | 'updated' | 'deleted';
const kinds: readonly ChangeKind[] = ['created', 'updated', 'deleted'];

/** Of mail without its content, facts/microsoft.md: under seven days, and never less than 45 minutes. */
const LONGEST_MS = 10_080 * 60_000;
const SHORTEST_MS = 45 * 60_000;

const httpsUrl = z.string().regex(/^https:\/\/.+/);

export const subscriptionShape = z.strictObject({
	changeType: z.string().transform((said, context) => {
		const wanted = kinds.filter((kind) => said.split(',').includes(kind));
		if (wanted.length === said.split(',').length) return wanted;
		context.addIssue({ code: 'custom', message: `'${said}' is no list of change types` });
		return z.NEVER;
	}),
	notificationUrl: httpsUrl,
	lifecycleNotificationUrl: httpsUrl.optional(),
	resource: z.string().min(1),
	expirationDateTime: z.string(),
	clientState: z.string().max(128).nullish(),
	latestSupportedTlsVersion: z.string().optional(),
});
export const renewalShape = z.strictObject({ expirationDateTime: z.string() });

/** What a client wants to be told of: messages of one folder, or of a whole mailbox. */
export class Subscription {
	readonly id = randomUUID();
	expiresAtMs = 0;

	constructor(
		readonly said: z.infer<typeof subscriptionShape>,
		readonly applicationId: string,
		readonly mailbox: Mailbox,
		readonly folder: Folder | undefined,
	) {}

	/** False where that is too far away. */
	renew(expirationDateTime: string, nowMs: number): boolean {
		const wanted = Date.parse(expirationDateTime);
		if (!(wanted > nowMs) || wanted - nowMs > LONGEST_MS) return false;
		this.expiresAtMs = Math.max(wanted, nowMs + SHORTEST_MS);
		return true;
	}

	toJson(): Record<string, unknown> {
		return {
			id: this.id,
			resource: this.said.resource,
			applicationId: this.applicationId,
			changeType: this.said.changeType.join(','),
			clientState: this.said.clientState ?? null,
			notificationUrl: this.said.notificationUrl,
			lifecycleNotificationUrl: this.said.lifecycleNotificationUrl ?? null,
			expirationDateTime: toDateTime(this.expiresAtMs),
		};
	}
}
