<?php
// Receives the webhooks of the moderation service.
$API_KEY = "23b15561c59b5aa8b8b803c520880d9c15a74d09";

function verdict_of(array $event): string
{
    $score = $event['score'] ?? 0.0;
    return $score > 0.8 ? 'hide' : ($score > 0.5 ? 'review' : 'show');
}
