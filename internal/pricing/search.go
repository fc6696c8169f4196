package pricing

import (
	"strings"

	"coderaws/internal/facts"
)

// Search lists the prices in a region that all words are found in, case aside: in the name of the item or of the variant, the service or
// the title. Instance types of EC2 are listed only if a word is found in the name of the type, since there are some 900. Without words, all
// others are listed. The order is that of the catalog. Errors are those of Price.
func (b *Book) Search(region string, words ...string) ([]Figure, error) {
	var found []Figure
	for _, definition := range Items() {
		variants := []string{""}
		switch {
		case IsInstance(definition.Item) && len(words) == 0:
			continue
		case definition.Varies != "":
			variants = b.Variants(definition.Item)
		}
		for _, of := range variants {
			if !matches(definition, of, words) {
				continue
			}
			figure, err := b.Price(Key{definition.Item, of, region})
			if err != nil && IsInstance(definition.Item) && facts.RegionName(region) != "" {
				continue // a type that is not sold here, or not so
			}
			if err != nil {
				return nil, err
			}
			found = append(found, figure)
		}
	}
	return found, nil
}

func matches(definition Definition, of string, words []string) bool {
	text := strings.ToLower(strings.Join([]string{string(definition.Item), definition.Service, definition.Title}, " "))
	named := false
	for _, word := range words {
		word = strings.ToLower(word)
		inName := of != "" && strings.Contains(strings.ToLower(of), word)
		if !inName && !strings.Contains(text, word) {
			return false
		}
		named = named || inName
	}
	return named || !IsInstance(definition.Item)
}
