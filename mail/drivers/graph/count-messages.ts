import { z } from 'zod';
import type { GraphClient } from './client';

const folderSchema = z.object({ totalItemCount: z.number() });

/**
 * E-mails in a folder that every mailbox has. Throws MailError.
 *
 * @param name of the mailbox, for errors
 */
export async function countMessages(
	client: GraphClient,
	name: string,
	folder: 'inbox' | 'drafts',
	signal: AbortSignal,
): Promise<number> {
	const path = `${client.mailbox}/mailFolders/${folder}?$select=totalItemCount`;
	const call = { method: 'GET', path, subject: name, signal } as const;
	return (await client.read(call, folderSchema)).totalItemCount;
}
