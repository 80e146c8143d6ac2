import type { INodeExecutionData } from 'n8n-workflow';

/**
 * An item of the error branch. These two fields alone: n8n takes an item for a failed one by them, also in
 * versions that would throw away everything beside the message of an `error` property.
 */
export function toErrorItem(
	{ message, description }: { message: string; description?: string | null },
	itemIndex: number,
): INodeExecutionData {
	return {
		json: { error: message, message: description ?? '' },
		pairedItem: { item: itemIndex },
	};
}
