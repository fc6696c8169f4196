package awsproxy

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// budgets answers two things that moto takes with a budget and then has no call to read or change: the subscribers of
// its notifications, and its tags. Budgets and notifications themselves stay with moto; the proxy notes the two in passing.
func (p *Proxy) budgets() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			writeError(w, fmt.Errorf("read the request: %w", err))
			return
		}
		in := document{}
		if err := json.Unmarshal(body, &in); err != nil {
			writeError(w, &apiError{http.StatusBadRequest, "SerializationException", err.Error()})
			return
		}
		_, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		p.mu.Lock()
		defer p.mu.Unlock()
		if answer, ok, err := p.budgetExtras(action, in); err != nil {
			writeError(w, err)
			return
		} else if ok {
			w.Header().Set("Content-Type", "application/x-amz-json-1.1")
			writeJSON(w, http.StatusOK, answer)
			return
		}
		resp, answer, err := p.relay(r, body)
		if err != nil {
			writeError(w, err)
			return
		}
		if resp.StatusCode == http.StatusOK {
			p.noteBudget(action, in)
		}
		copyAnswer(w, resp, answer)
	})
}

// subscribersKey names a notification of a budget. AWS fills in ThresholdType, and tells notifications apart by the rest.
func subscribersKey(in document, budget string, notification document) string {
	threshold := text(notification, "ThresholdType")
	if threshold == "" {
		threshold = "PERCENTAGE"
	}
	return key("budgets", text(in, "AccountId"), budget, fmt.Sprint(notification["NotificationType"],
		notification["ComparisonOperator"], notification["Threshold"], threshold))
}

// budgetExtras answers the calls about subscribers and tags; ok is false for all others, which are moto's.
func (p *Proxy) budgetExtras(action string, in document) (answer document, ok bool, err error) {
	switch action {
	case "DescribeSubscribersForNotification", "CreateSubscriber", "DeleteSubscriber", "UpdateSubscriber":
		answer, err = p.subscribers(action, in)
		return answer, true, err
	case "ListTagsForResource", "TagResource", "UntagResource":
		answer, err = p.budgetTags(action, in)
		return answer, true, err
	default:
		return nil, false, nil
	}
}

func (p *Proxy) budgetTags(action string, in document) (document, error) {
	d, ok := p.store.documents[text(in, "ResourceARN")]
	if !ok {
		return nil, &apiError{http.StatusBadRequest, "NotFoundException",
			"Unable to get budget: " + text(in, "ResourceARN") + " - the budget doesn't exist."}
	}
	named := func(keys []string) func(any) bool {
		return func(t any) bool {
			tag, _ := t.(document)
			return slices.Contains(keys, text(tag, "Key"))
		}
	}
	switch action {
	case "TagResource":
		var keys []string
		for _, t := range list(in, "ResourceTags") {
			tag, _ := t.(document)
			keys = append(keys, text(tag, "Key"))
		}
		d["ResourceTags"] = append(slices.DeleteFunc(list(d, "ResourceTags"), named(keys)), list(in, "ResourceTags")...)
	case "UntagResource":
		d["ResourceTags"] = slices.DeleteFunc(list(d, "ResourceTags"), named(texts(list(in, "ResourceTagKeys"))))
	default:
		return document{"ResourceTags": list(d, "ResourceTags")}, nil
	}
	return document{}, nil
}

func budgetARN(account, name string) string { return "arn:aws:budgets::" + account + ":budget/" + name }

// subscribers answers the calls about the subscribers of a notification.
func (p *Proxy) subscribers(action string, in document) (document, error) {
	at := subscribersKey(in, text(in, "BudgetName"), object(in, "Notification"))
	same := func(field string) func(any) bool {
		return func(s any) bool { return reflect.DeepEqual(s, in[field]) }
	}
	d, known := p.store.documents[at]
	if !known {
		return nil, &apiError{http.StatusBadRequest, "NotFoundException", "Unable to find the notification of budget: " + text(in, "BudgetName")}
	}
	held := list(d, "Subscribers")
	switch action {
	case "DescribeSubscribersForNotification":
		return document{"Subscribers": held}, nil
	case "CreateSubscriber":
		d["Subscribers"] = append(held, in["Subscriber"])
	case "DeleteSubscriber":
		d["Subscribers"] = slices.DeleteFunc(held, same("Subscriber"))
	case "UpdateSubscriber":
		d["Subscribers"] = append(slices.DeleteFunc(held, same("OldSubscriber")), in["NewSubscriber"])
	}
	return document{}, nil
}

// noteBudget remembers what a call that moto carried out says about subscribers and tags.
func (p *Proxy) noteBudget(action string, in document) {
	budget := text(in, "BudgetName")
	switch action {
	case "CreateBudget":
		name := text(object(in, "Budget"), "BudgetName")
		p.store.documents[budgetARN(text(in, "AccountId"), name)] = document{"ResourceTags": list(in, "ResourceTags")}
		for _, n := range list(in, "NotificationsWithSubscribers") {
			with, _ := n.(document)
			at := subscribersKey(in, name, object(with, "Notification"))
			p.store.documents[at] = pick(with, "Subscribers")
		}
	case "CreateNotification":
		p.store.documents[subscribersKey(in, budget, object(in, "Notification"))] = pick(in, "Subscribers")
	case "DeleteNotification":
		p.store.removeTree(subscribersKey(in, budget, object(in, "Notification")))
	case "DeleteBudget":
		p.store.removeTree(key("budgets", text(in, "AccountId"), budget))
		delete(p.store.documents, budgetARN(text(in, "AccountId"), budget))
	}
}
