-- Rows kept for the complaint of 12 March; ask ruth.okafor@claims.example.org
-- (phone +44 20 7946 0321) before deleting them. Sent from 104.18.27.90.
SELECT claim_number, claimed_cents, claimed_on
FROM claim
WHERE claimed_on >= DATE '2024-03-12'
ORDER BY claimed_cents DESC;
